//! Where files are kept: `FILES_URL`, and what a store that speaks S3 asks for beside it.

use std::path::PathBuf;

use super::{Source, WrongSetting, stays_here};

/// Where pictures and evidence are kept.
#[derive(Clone)]
pub enum FilesSettings {
    Folder(PathBuf),
    Bucket(BucketSettings),
}

/// A bucket of a store that speaks S3.
#[derive(Clone)]
pub struct BucketSettings {
    /// Without a slash at its end.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// Without slashes at its ends; may be empty.
    pub prefix: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

impl std::fmt::Display for FilesSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FilesSettings::Folder(folder) => write!(f, "{}", folder.display()),
            FilesSettings::Bucket(one) => write!(f, "s3://{}/{} at {}", one.bucket, one.prefix, one.endpoint),
        }
    }
}

/// `FILES_URL`, and with `s3://` the four settings that belong to it.
pub(super) fn read(source: &Source, production: bool) -> Result<FilesSettings, WrongSetting> {
    let url = source.or("FILES_URL", "file://data/files");
    if let Some(path) = url.strip_prefix("file://").filter(|path| !path.is_empty()) {
        return Ok(FilesSettings::Folder(PathBuf::from(path)));
    }
    let wrong = || source.wrong("FILES_URL", "file://FOLDER, or s3://BUCKET or s3://BUCKET/PREFIX");
    let place = url.strip_prefix("s3://").ok_or_else(wrong)?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let prefix = prefix.trim_end_matches('/');
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let is_name = |text: &str| !text.is_empty() && is_plain(text) && !text.starts_with('.');
    if !is_name(bucket) || !(prefix.is_empty() || prefix.split('/').all(is_name)) {
        return Err(wrong());
    }
    let needed = |name: &str| {
        source
            .get(name)
            .map(str::to_owned)
            .ok_or_else(|| source.wrong(name, "a value when FILES_URL begins with s3://"))
    };
    let endpoint = needed("S3_ENDPOINT")?;
    let host = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
    let is_private = endpoint.starts_with("https://") || !production || stays_here(&endpoint);
    if !is_private || host.is_none_or(|host| host.is_empty() || host.contains(['?', '#', '@', ' '])) {
        return Err(source.wrong("S3_ENDPOINT", "https://…, or http://… in development or on this machine"));
    }
    Ok(FilesSettings::Bucket(BucketSettings {
        endpoint: endpoint.trim_end_matches('/').to_owned(),
        region: needed("S3_REGION")?,
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        access_key_id: needed("S3_ACCESS_KEY_ID")?,
        secret_access_key: needed("S3_SECRET_ACCESS_KEY")?,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, WrongSetting> {
        let mut all = vec![("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")];
        all.extend_from_slice(pairs);
        Settings::read(&Source::of(&all))
    }

    #[test]
    fn a_store_of_files_is_named_whole_and_reached_in_private() {
        let mut all = vec![
            ("FILES_URL", "s3://drempel-files/site/one/"),
            ("S3_ENDPOINT", "http://store.example/"),
            ("S3_REGION", "eu-central"),
            ("S3_ACCESS_KEY_ID", "key"),
            ("S3_SECRET_ACCESS_KEY", "very-secret"),
        ];
        let FilesSettings::Bucket(kept) = settings(&all).ok().map(|settings| settings.files).expect("settings") else {
            panic!("a folder")
        };
        assert_eq!((kept.bucket.as_str(), kept.prefix.as_str()), ("drempel-files", "site/one"));
        assert_eq!(kept.endpoint, "http://store.example");
        let text = |pairs: &[(&str, &str)]| settings(pairs).err().map(|e| e.to_string()).unwrap_or_default();
        for missing in 1..all.len() {
            let mut some = all.clone();
            let (name, _) = some.remove(missing);
            assert!(text(&some).starts_with(&format!("{name} is not set")), "{name}: {}", text(&some));
        }
        for bad in ["s3://", "s3:///x", "s3://a/../b", "s3://a b", "https://a", "file://"] {
            all[0].1 = bad;
            assert!(text(&all).starts_with(&format!("FILES_URL is \"{bad}\"")), "{bad}: {}", text(&all));
        }
        all[0].1 = "s3://drempel-files";
        let live = [
            ("PUBLIC_URL", "https://drempel.example"),
            ("STRIPE_SECRET_KEY", "sk_live_x"),
            ("STRIPE_WEBHOOK_SECRETS", "whsec_x"),
        ];
        all.extend(live);
        assert!(
            text(&all).starts_with("S3_ENDPOINT is \"http://store.example/\": expected https://"),
            "{}",
            text(&all)
        );
        all[1].1 = "https://store.example";
        assert_eq!(text(&all), "");
    }
}
