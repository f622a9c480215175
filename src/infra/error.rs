//! What can go wrong in an action. Nothing here knows of HTTP: `web::problem` turns it into pages and problem documents.

use std::any::Any;
use std::fmt;

use crate::infra::db;

/// The sort of a refusal, by its meaning for the person concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Something typed is wrong; it can be mended in the form.
    Invalid,
    /// The state of things does not allow it (any more).
    Conflict,
    /// Not this person's right.
    Forbidden,
    /// There is no such thing, or not for this person.
    NotFound,
    /// A service outside does not answer now; trying later helps.
    Unavailable,
    /// Too often.
    TooMany,
}

/// A rule of a noun that says no. Each noun has an enum of its own.
pub trait Refusal: fmt::Debug + Send + Sync + Any {
    /// The key of the sentence in both languages; also the last part of a problem document's `type`.
    fn key(&self) -> &'static str;
    fn sort(&self) -> Sort;
    /// The form field it belongs to, for `Sort::Invalid`.
    fn field(&self) -> Option<&'static str> {
        None
    }
    /// Values for the sentence.
    fn args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// When trying once more helps; nothing when it is not known.
    fn retry_after_seconds(&self) -> Option<u32> {
        None
    }
    fn as_any(&self) -> &dyn Any;
}

/// Either a rule said no, or something broke.
pub enum Error {
    Refused(Box<dyn Refusal>),
    Database(sqlx::Error),
    /// A service outside failed; the text is for the log, never for a visitor.
    Outside(String),
    /// What must not happen; the text is for the log.
    Broken(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The refusal, when it is of this noun.
    pub fn refusal<R: Refusal>(&self) -> Option<&R> {
        match self {
            Error::Refused(refusal) => refusal.as_any().downcast_ref::<R>(),
            _ => None,
        }
    }

    pub fn broken(what: impl fmt::Display) -> Error {
        Error::Broken(what.to_string())
    }

    /// Whether nothing was wrong but that two transactions stood in each other's way: all of it can be done anew.
    pub fn is_crossed(&self) -> bool {
        matches!(self, Error::Database(error) if db::is_crossed(error))
    }

    /// Whether the database refused a change because the installation is frozen.
    pub fn is_frozen(&self) -> bool {
        matches!(self, Error::Database(error) if db::freeze::is_frozen(error))
    }

    /// The same for one more who waited for it: what the database itself says cannot be told twice. Who was in another's way comes again,
    /// as when the database is away.
    pub fn for_another(&self) -> Error {
        if self.is_away() || self.is_crossed() {
            Error::Database(sqlx::Error::PoolTimedOut)
        } else {
            Error::broken(self)
        }
    }

    /// Whether the database cannot be reached, or takes no changes, for now.
    pub fn is_away(&self) -> bool {
        matches!(self, Error::Database(error) if db::is_away(error))
    }

    /// Puts into the log what work that goes on by itself could not do. Who was only in another's way, or found the
    /// database away, is no error: the next look does it.
    pub fn tell(&self, what: &str) {
        if self.is_crossed() || self.is_away() {
            tracing::warn!(error = %self, "{what}; it is looked at again");
        } else if self.is_frozen() {
            tracing::debug!(error = %self, "{what}; the installation is frozen");
        } else {
            tracing::error!(error = %self, "{what}");
        }
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Error {
        Error::Refused(Box::new(refusal))
    }
}

/// Every error of the database passes here on its way up, so this is where the pools hear of a server that is gone.
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        db::notice(&error);
        Error::Database(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusal) => write!(f, "refused: {refusal:?}"),
            Error::Database(error) => write!(f, "database: {error}"),
            Error::Outside(what) => write!(f, "outside service: {what}"),
            Error::Broken(what) => write!(f, "broken: {what}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

/// Defines a noun's refusals: `refusals! { pub enum Refusal { SoldOut { available_cents: i64 } => Conflict "pledge-sold-out" } }`.
/// An `Invalid` one names its field: `=> Invalid("amount") "amount-too-small"`.
#[macro_export]
macro_rules! refusals {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident $({ $($arg:ident : $type:ty),+ })? => $sort:ident $(($field:literal))? $key:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis enum $name { $($(#[$vmeta])* $variant $({ $($arg: $type),+ })?),+ }

        impl $crate::infra::error::Refusal for $name {
            fn key(&self) -> &'static str {
                match self { $($name::$variant { .. } => $key),+ }
            }
            fn sort(&self) -> $crate::infra::error::Sort {
                match self { $($name::$variant { .. } => $crate::infra::error::Sort::$sort),+ }
            }
            fn field(&self) -> Option<&'static str> {
                match self { $($name::$variant { .. } => $crate::refusals!(@field $($field)?)),+ }
            }
            fn args(&self) -> Vec<(&'static str, String)> {
                match self { $($name::$variant $({ $($arg),+ })? => vec![$($((stringify!($arg), $arg.to_string())),+)?]),+ }
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    };
    (@field $field:literal) => { Some($field) };
    (@field) => { None };
}
