//! Where a request comes from: its network, for limits, and the browser in plain words.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::infra::Services;

/// The visitor's side of a request.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The address, of IPv6 the first 64 bits, which one subscriber has. Empty when it is unknown or this machine itself: then
    /// everybody would count as one.
    pub network: String,
    /// Browser and system, such as `Firefox, Windows`; empty when the browser does not say.
    pub device: String,
}

impl FromRequestParts<Services> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Client, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
        let address = peer.map(|peer| visitor(peer, &parts.headers, &services.settings.trusted_proxies));
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Client { network: address.map(network).unwrap_or_default(), device: device(agent) })
    }
}

/// The visitor's address: the last one in the chain of `X-Forwarded-For` that is no trusted proxy. Only a proxy that is trusted
/// can say who came to it.
fn visitor(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut found = peer;
    let chain =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    for said in chain.rsplit(',') {
        if !trusted.contains(&found) {
            break;
        }
        let Ok(address) = said.trim().parse::<IpAddr>() else { break };
        found = address.to_canonical();
    }
    found
}

fn network(address: IpAddr) -> String {
    match address {
        address if address.is_loopback() || address.is_unspecified() => String::new(),
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A network without its last part, which tells a household: `203.0.113.0/24` of IPv4, the first 48 bits of IPv6.
pub fn shortened(network: &str) -> String {
    if let Some((front, _)) = network.rsplit_once('.') {
        return format!("{front}.0/24");
    }
    let groups: Vec<&str> = network.split(':').take(3).collect();
    if groups.len() == 3 { format!("{}::/48", groups.join(":")) } else { String::new() }
}

/// Names in the order in which they must be looked for: browsers name those they descend from, too.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// Browser and system as far as the browser says; enough for its owner to recognise it, too little to follow anybody.
fn device(agent: &str) -> String {
    let find =
        |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name);
    [find(&BROWSERS), find(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_in_plain_words() {
        for (agent, name) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            ("curl/8.5.0", ""),
            ("", ""),
        ] {
            assert_eq!(device(agent), name, "{agent}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_who_came() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let said = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", text.parse().unwrap());
            headers
        };
        let (proxy, stranger) = (ip("10.0.0.1"), ip("203.0.113.9"));
        assert_eq!(visitor(stranger, &said("198.51.100.7"), &[proxy]), stranger);
        assert_eq!(visitor(proxy, &said("198.51.100.7"), &[proxy]), ip("198.51.100.7"));
        assert_eq!(visitor(proxy, &said("6.6.6.6, 198.51.100.7"), &[proxy]), ip("198.51.100.7"), "the rest is hearsay");
        assert_eq!(visitor(proxy, &said("198.51.100.7, 10.0.0.2"), &[proxy, ip("10.0.0.2")]), ip("198.51.100.7"));
        assert_eq!(visitor(proxy, &said("nonsense"), &[proxy]), proxy);
        assert_eq!(network(ip("2001:db8:1:2:aaaa::1")), "2001:db8:1:2::/64");
        assert_eq!(network(ip("2001:db8:1:2:bbbb::1")), network(ip("2001:db8:1:2::9")));
        assert_eq!(shortened("203.0.113.9"), "203.0.113.0/24");
        assert_eq!(shortened("2001:db8:1:2::/64"), "2001:db8:1::/48");
        assert_eq!(shortened(""), "");
        assert_eq!(
            (network(stranger), network(ip("127.0.0.1")), network(ip("::1"))),
            ("203.0.113.9".to_owned(), String::new(), String::new())
        );
    }
}
