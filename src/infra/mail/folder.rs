//! Letters as files, for development. The name is the letter's id, so that a repeated delivery overwrites.

use std::path::Path;

use crate::infra::mail::Fault;

/// Writes a letter, whole or not at all.
pub(super) async fn keep(folder: &Path, id: &str, bytes: &[u8]) -> Result<(), Fault> {
    let down = |e: std::io::Error| Fault::Down(format!("{}: {e}", folder.display()));
    let unfinished = folder.join(format!("{id}.part"));
    if let Err(error) = tokio::fs::write(&unfinished, bytes).await {
        if error.kind() != std::io::ErrorKind::NotFound {
            return Err(down(error));
        }
        tokio::fs::create_dir_all(folder).await.map_err(down)?;
        tokio::fs::write(&unfinished, bytes).await.map_err(down)?;
    }
    tokio::fs::rename(&unfinished, folder.join(format!("{id}.eml"))).await.map_err(down)
}
