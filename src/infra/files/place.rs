//! Where bytes lie: in a folder, or in a bucket of a store that speaks S3. Nothing above knows which.
//!
//! In a folder they are written whole or not at all; a store answers only when it has the whole object. Every call to a store can be done
//! twice without harm, as the bytes under a name never change, so a call that is lost is tried again.

use std::path::PathBuf;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{HOST, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use rusty_s3::actions::{DeleteObject, GetObject, PutObject, S3Action};
use rusty_s3::{Bucket, Credentials, UrlStyle};

use crate::infra::error::{Error, Result};
use crate::infra::http;
use crate::infra::settings::{BucketSettings, FilesSettings};

/// How long one attempt may take. All of them together take less than a page may.
const CALL: Duration = Duration::from_secs(7);
const ATTEMPTS: u32 = 3;
/// How long it waits before the second attempt; before the third twice as long.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a signature holds.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// The largest object that is read, in bytes: more than anything that is kept.
const LARGEST: usize = 64 * 1024 * 1024;
/// What `doctor` writes, reads and takes away.
const PROBE: &str = "doctor-probe";

/// Cheap to clone.
#[derive(Clone)]
pub enum Place {
    Folder(PathBuf),
    Store(Box<Store>),
}

/// A bucket, with what is needed to call it.
#[derive(Clone)]
pub struct Store {
    bucket: Bucket,
    credentials: Credentials,
    /// What every name begins with: empty, or with a slash at its end.
    prefix: String,
    client: http::Client,
}

/// Why one call came to nothing.
enum Fault {
    /// Worth another attempt.
    Passing(String),
    /// The same would come of it.
    Lasting(String),
}

impl Place {
    /// The place that the settings name. Nothing is connected or made yet.
    ///
    /// # Errors
    /// The address of the store cannot be used.
    pub fn of(settings: &FilesSettings) -> Result<Place> {
        match settings {
            FilesSettings::Folder(folder) => Ok(Place::Folder(folder.clone())),
            FilesSettings::Bucket(bucket) => Ok(Place::Store(Box::new(Store::new(bucket)?))),
        }
    }

    /// Keeps bytes under a name. They are there when it returns.
    pub(super) async fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        match self {
            Place::Folder(folder) => write_in(folder, name, bytes).await.map_err(broken),
            Place::Store(store) => match store.call(Method::PUT, name, bytes).await? {
                Some(_) => Ok(()),
                None => Err(Error::Outside("the store of files has no such bucket".to_owned())),
            },
        }
    }

    /// The bytes under a name; nothing when there are none.
    pub(super) async fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Place::Folder(folder) => match tokio::fs::read(folder.join(name)).await {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(broken(error)),
            },
            Place::Store(store) => Ok(store.call(Method::GET, name, &[]).await?.map(Vec::from)),
        }
    }

    /// Takes bytes away; none being there is no fault.
    pub(super) async fn remove(&self, name: &str) -> Result<()> {
        match self {
            Place::Folder(folder) => match tokio::fs::remove_file(folder.join(name)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(broken(error)),
                _ => Ok(()),
            },
            Place::Store(store) => store.call(Method::DELETE, name, &[]).await.map(|_| ()),
        }
    }

    /// Keeps something, reads it and takes it away again.
    ///
    /// # Errors
    /// What does not work.
    pub async fn check(&self) -> Result<()> {
        let bytes = b"probe";
        self.write(PROBE, bytes).await?;
        let same = self.read(PROBE).await?.is_some_and(|read| read == bytes);
        self.remove(PROBE).await?;
        if same { Ok(()) } else { Err(Error::broken("files: what was written is not what is read")) }
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::broken(format!("files: {error}"))
}

/// Whole or not at all, and on the disk when it returns.
async fn write_in(folder: &std::path::Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt;
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!("{name}.part"));
    let mut file = tokio::fs::File::create(&unfinished).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&unfinished, folder.join(name)).await
}

impl Store {
    fn new(settings: &BucketSettings) -> Result<Store> {
        let wrong = |error: String| Error::broken(format!("S3_ENDPOINT: {error}"));
        let endpoint = settings.endpoint.parse().map_err(|error| wrong(format!("{error}")))?;
        // the bucket in the path: every store knows it, and its certificate needs no name for each bucket
        let bucket = Bucket::new(endpoint, UrlStyle::Path, settings.bucket.clone(), settings.region.clone())
            .map_err(|error| wrong(error.to_string()))?;
        let prefix = if settings.prefix.is_empty() { String::new() } else { format!("{}/", settings.prefix) };
        let credentials = Credentials::new(&settings.access_key_id, &settings.secret_access_key);
        Ok(Store { bucket, credentials, prefix, client: http::client() })
    }

    /// Calls until there is an answer, a few times at most. Nothing when there is no such object.
    async fn call(&self, method: Method, name: &str, bytes: &[u8]) -> Result<Option<Bytes>> {
        let key = format!("{}{name}", self.prefix);
        let mut attempt = 1;
        loop {
            let once = tokio::time::timeout(CALL, self.once(&method, &key, bytes)).await;
            let fault = match once.unwrap_or_else(|_| Err(Fault::Passing("no answer in time".to_owned()))) {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            match fault {
                Fault::Passing(why) if attempt < ATTEMPTS => {
                    tracing::warn!(attempt, why, "the store of files did not answer; it is asked again");
                    tokio::time::sleep(PAUSE * attempt).await;
                }
                Fault::Passing(why) => {
                    return Err(Error::Outside(format!("the store of files did not answer: {why}")));
                }
                Fault::Lasting(why) => return Err(Error::Outside(format!("the store of files refused: {why}"))),
            }
            attempt += 1;
        }
    }

    async fn once(&self, method: &Method, key: &str, bytes: &[u8]) -> std::result::Result<Option<Bytes>, Fault> {
        let (bucket, credentials) = (&self.bucket, Some(&self.credentials));
        let url = match *method {
            Method::PUT => PutObject::new(bucket, credentials, key).sign(SIGNED_FOR),
            Method::DELETE => DeleteObject::new(bucket, credentials, key).sign(SIGNED_FOR),
            _ => GetObject::new(bucket, credentials, key).sign(SIGNED_FOR),
        };
        let passing = |error: &dyn std::fmt::Display| Fault::Passing(error.to_string());
        let request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(HOST, url.authority())
            .header(USER_AGENT, concat!("Drempel/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(Bytes::copy_from_slice(bytes)))
            .map_err(|error| Fault::Lasting(error.to_string()))?;
        let response = self.client.request(request).await.map_err(|error| match std::error::Error::source(&error) {
            Some(cause) => Fault::Passing(format!("{error}: {cause}")),
            None => passing(&error),
        })?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LARGEST).collect().await.map_err(|error| passing(&error))?;
        let body = body.to_bytes();
        if status.is_success() {
            return Ok(Some(body));
        }
        let told = format!("{status}{}", code(&body));
        if status == StatusCode::NOT_FOUND && !told.contains("NoSuchBucket") {
            Ok(None)
        } else if status.is_server_error() || [408, 429].contains(&status.as_u16()) {
            Err(Fault::Passing(told))
        } else {
            Err(Fault::Lasting(told))
        }
    }
}

/// The word that a store gives for what is wrong, from its answer in XML; it is for the log.
fn code(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let word = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(word, _)| word);
    word.map(|word| format!(" {word:.60}")).unwrap_or_default()
}
