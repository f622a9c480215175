//! Where the mail server is: `smtp://user:password@host:port?tls=required`.
//!
//! - `smtps://` is TLS from the first byte, port 465.
//! - `smtp://` is port 25, or 587 with a user. `tls=required`: STARTTLS or nothing. `tls=opportunistic`: STARTTLS when it is
//!   offered. `tls=none`: never. Without `tls`: none on a loopback address, required with a password, else opportunistic.
//!
//! Certificates are always checked, against the roots that browsers trust. User and password are percent-encoded.

use lettre::transport::smtp::authentication::Credentials;

/// When the line is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    FromTheFirstByte,
    Required,
    Opportunistic,
    None,
}

#[derive(Clone)]
pub(super) struct Address {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub credentials: Option<Credentials>,
}

const EXPECTED: &str = "smtp://USER:PASSWORD@HOST:PORT?tls=required or smtps://USER:PASSWORD@HOST:PORT";

impl Address {
    /// Reads an address; the error says what is expected.
    pub fn parse(url: &str) -> Result<Address, &'static str> {
        let (scheme, rest) = url.split_once("://").ok_or(EXPECTED)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (login, place) = match rest.trim_end_matches('/').rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, rest.trim_end_matches('/')),
        };
        let credentials = match login {
            None => None,
            Some(login) => {
                let (user, password) = login.split_once(':').ok_or(EXPECTED)?;
                Some(Credentials::new(decoded(user), decoded(password)))
            }
        };
        let (host, port) = host_and_port(place)?;
        let loopback = is_loopback(&host);
        let tls = match (scheme, query) {
            ("smtps", "") => Tls::FromTheFirstByte,
            ("smtp", "tls=required") => Tls::Required,
            ("smtp", "tls=opportunistic") => Tls::Opportunistic,
            ("smtp", "tls=none") => Tls::None,
            ("smtp", "") if loopback => Tls::None,
            ("smtp", "") if credentials.is_some() => Tls::Required,
            ("smtp", "") => Tls::Opportunistic,
            _ => return Err(EXPECTED),
        };
        let usual = match (tls, &credentials) {
            (Tls::FromTheFirstByte, _) => 465,
            (_, Some(_)) => 587,
            (_, None) => 25,
        };
        Ok(Address { host, port: port.unwrap_or(usual), tls, credentials })
    }

    /// Whether nobody on the way can read or change a letter.
    pub fn is_private(&self) -> bool {
        matches!(self.tls, Tls::FromTheFirstByte | Tls::Required) || is_loopback(&self.host)
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), &'static str> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or(EXPECTED)?;
            (host, after.strip_prefix(':'))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/') {
        return Err(EXPECTED);
    }
    let port = port.map(str::parse).transpose().map_err(|_| EXPECTED)?;
    Ok((host.to_owned(), port))
}

/// Percent-decoding; a plus sign stays one.
fn decoded(text: &str) -> String {
    let query = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(query.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_where_how_and_as_whom() {
        let read = |url: &str| {
            let a = Address::parse(url).unwrap();
            (a.host, a.port, a.tls, a.credentials.is_some())
        };
        assert_eq!(read("smtp://127.0.0.1:2525"), ("127.0.0.1".into(), 2525, Tls::None, false));
        assert_eq!(read("smtp://[::1]:2525"), ("::1".into(), 2525, Tls::None, false));
        assert_eq!(read("smtp://mail.example"), ("mail.example".into(), 25, Tls::Opportunistic, false));
        assert_eq!(read("smtp://u:p%40@mail.example"), ("mail.example".into(), 587, Tls::Required, true));
        assert_eq!(read("smtp://u:p@mail.example/?tls=none"), ("mail.example".into(), 587, Tls::None, true));
        let private = |url| Address::parse(url).expect("an address").is_private();
        assert!(
            private("smtp://127.0.0.1:2525")
                && private("smtp://u:p@mail.example")
                && private("smtps://u:p@mail.example")
        );
        assert!(!private("smtp://mail.example") && !private("smtp://u:p@mail.example?tls=none"));
        assert_eq!(read("smtps://u:p@mail.example"), ("mail.example".into(), 465, Tls::FromTheFirstByte, true));
        for bad in ["smtp://", "smtp://host:none", "smtp://user@host", "smtp://host?tls=maybe", "smtps://h?tls=none"] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(decoded("a+b%26c%20d&e"), "a+b&c d&e");
    }
}
