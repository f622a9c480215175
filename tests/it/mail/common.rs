//! What several tests need: an installation in a folder of its own, and people who click.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use drempel::app::services;
use drempel::features::users;
use drempel::infra::mail::Mailer;
use drempel::infra::settings::{Settings, Source};
use drempel::infra::{Services, random};
use drempel::values::Lang;
use drempel::values::text::Email;
use tower::ServiceExt;

/// An installation with a fresh database; its letters and files lie beside it.
pub async fn installation(more: &[(&str, &str)]) -> Services {
    let folder = std::env::temp_dir().join(format!("drempel-test-{}", random::secret()));
    let database = match std::env::var("TEST_DATABASE").as_deref() {
        Ok("postgres") => crate::support::postgres_database(&format!("mail_{}", &random::secret()[..12])).await,
        _ => format!("sqlite://{}/drempel.db", folder.display()),
    };
    let files = format!("file://{}/files", folder.display());
    let mut pairs = vec![
        ("DATABASE_URL", database.as_str()),
        ("FILES_URL", files.as_str()),
        ("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
    ];
    pairs.extend_from_slice(more);
    let mut services = services::open(Settings::read(&Source::of(&pairs)).unwrap()).await.unwrap();
    services.db.migrate().await.unwrap();
    services.decoder.program = env!("CARGO_BIN_EXE_drempel").into();
    if services.mailer.folder().is_some() {
        services.mailer = Mailer::in_folder(folder.join("mail"), &services.settings).unwrap();
    }
    services
}

/// The letters in the folder, in the order of their ids.
pub fn letters(services: &Services) -> Vec<String> {
    let Some(folder) = services.mailer.folder() else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// Somebody with a browser.
pub struct Visitor {
    router: Router,
    cookie: String,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Visitor {
    /// Nobody in particular.
    pub fn new(router: &Router) -> Visitor {
        Visitor { router: router.clone(), cookie: String::new() }
    }

    /// A signed-in person with this address, made when there is none.
    pub async fn signed_in(router: &Router, services: &Services, email: &str) -> (Visitor, users::User) {
        let now = services.clock.now();
        let mut tx = services.db.begin().await.unwrap();
        let email = Email::parse(email).unwrap();
        let user = users::actions::known_or_new(&mut tx, &email, Lang::Nl, now).await.unwrap();
        let token = users::actions::begin_session(&mut tx, &user.id, users::Factor::App, "", now).await.unwrap();
        tx.commit().await.unwrap();
        let cookie = format!("{}={token}", users::guard::cookie_name(services));
        (Visitor { router: router.clone(), cookie }, user)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// A form with a file in the field `picture`.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], picture: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(
            b"--cut\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"x.png\"\r\n\r\n",
        );
        body.extend_from_slice(picture);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=cut");
        self.send(request, Body::from(body)).await
    }

    /// What a mail program does by itself: no cookie, no origin (RFC 8058).
    pub async fn one_click(&self, path: &str) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        self.send(request, Body::from("List-Unsubscribe=One-Click")).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = if self.cookie.is_empty() { request } else { request.header("cookie", &self.cookie) };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let location = response.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = axum::body::to_bytes(response.into_body(), 16 << 20).await.unwrap();
        Answer { status, location, body: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
