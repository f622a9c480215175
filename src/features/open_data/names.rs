//! Names that stay, and amounts as the formats write them.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::features::organisations::{Legal, Organisation};
use crate::features::projects::Project;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::values::Cents;

/// Who publishes.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// The foundation.
    pub name: String,
    /// Its number in the trade register; empty when no foundation is set.
    pub kvk_number: String,
    /// The address of the installation, without a sign at its end.
    pub url: String,
}

impl Publisher {
    pub fn of(s: &Services) -> Publisher {
        let foundation = s.settings.foundation.as_ref();
        Publisher {
            name: foundation.map(|foundation| foundation.name.clone()).unwrap_or_default(),
            kvk_number: foundation.map(|foundation| foundation.kvk_number.clone()).unwrap_or_default(),
            url: s.settings.public_url.clone(),
        }
    }

    pub fn id(&self) -> String {
        kvk(&self.kvk_number)
    }

    /// The name of what was given to a project.
    pub fn grant_id(&self, project: &Project) -> String {
        format!("{}-PROJECT-{}", self.id(), project.number)
    }

    pub fn organisation_id(&self, organisation: &Organisation, legal: &Legal) -> String {
        if legal.kvk_number.is_empty() {
            format!("{}-ORGANISATION-{}", self.id(), organisation.slug)
        } else {
            kvk(&legal.kvk_number)
        }
    }
}

/// A number of the Dutch trade register as org-id.guide writes it.
pub fn kvk(number: &str) -> String {
    format!("NL-KVK-{number}")
}

/// An amount that the format wants as a number of euros. Written exactly, see [`written`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Euros(pub Cents);

impl Serialize for Euros {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_i128(self.0.0.into())
    }
}

/// JSON in which an i128 is an amount in cents and is written in euros: `1864.50`. A number with decimals never passes through a
/// binary fraction this way.
struct InEuros;

impl serde_json::ser::Formatter for InEuros {
    fn write_i128<W: ?Sized + Write>(&mut self, writer: &mut W, value: i128) -> io::Result<()> {
        let cents = i64::try_from(value).map_err(io::Error::other)?;
        writer.write_all(Cents(cents).plain().as_bytes())
    }
}

/// The text of a document with [`Euros`] in it.
pub fn written(document: &impl Serialize) -> Result<String> {
    let mut bytes = Vec::new();
    document.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, InEuros)).map_err(Error::broken)?;
    String::from_utf8(bytes).map_err(Error::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_to_the_cent() {
        let text = written(&[Euros(Cents(186_450)), Euros(Cents(5)), Euros(Cents(-100)), Euros(Cents(i64::MAX))]);
        assert_eq!(text.unwrap_or_default(), "[1864.50,0.05,-1.00,92233720368547758.07]");
    }
}
