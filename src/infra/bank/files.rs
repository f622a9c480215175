//! Statements as they come: an XML file or a zip with several, in memory or on disk. What is in them can be read more than once.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::infra::bank::camt::MOST_BYTES;
use crate::infra::bank::{Fault, Why};

/// The most files in a zip.
const MOST_FILES: usize = 200;
/// The most bytes one byte of a zip may unpack to.
const MOST_RATIO: u64 = 200;
/// The largest zip.
const MOST_PACKED: u64 = 128 * 1024 * 1024;

/// Where the bytes are.
#[derive(Debug, Clone)]
pub enum Input {
    OnDisk(PathBuf),
    InMemory(Arc<[u8]>),
}

trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// A file with one or more XML documents.
#[derive(Debug, Clone)]
pub struct Package {
    input: Input,
    /// Numbers of the documents inside the zip; `None`: the file is the document.
    documents: Option<Vec<usize>>,
}

impl Package {
    /// Looks what a file is, and refuses a zip that is too much.
    ///
    /// # Errors
    /// The file cannot be read, or is a zip that breaks a limit or holds no XML.
    pub fn open(input: Input) -> Result<Package, Fault> {
        let mut begin = [0u8; 4];
        let mut bytes = open(&input)?;
        let read = bytes.read(&mut begin).map_err(unreadable)?;
        if read < 4 || &begin != b"PK\x03\x04" {
            return Ok(Package { input, documents: None });
        }
        if bytes.seek(SeekFrom::End(0)).map_err(unreadable)? > MOST_PACKED {
            return Err(Fault::new(Why::TooLarge, "zip"));
        }
        let mut archive = archive(&input)?;
        if archive.is_empty() || archive.len() > MOST_FILES {
            return Err(Fault::new(Why::Zip, format!("{} files", archive.len())));
        }
        let mut documents = Vec::new();
        let mut total = 0u64;
        for number in 0..archive.len() {
            let entry = archive.by_index(number).map_err(|error| Fault::new(Why::Zip, error))?;
            let name = entry.name().map_err(|error| Fault::new(Why::Zip, error))?.to_lowercase();
            let (packed, unpacked) = (entry.compressed_size(), entry.size());
            total = total.saturating_add(unpacked);
            if total > MOST_BYTES || unpacked / packed.max(1) > MOST_RATIO {
                return Err(Fault::new(Why::Zip, "it unpacks to too much"));
            }
            if entry.is_file() && name.ends_with(".xml") && !name.starts_with("__macosx/") {
                // what it says of its size may be a lie, and its checksum tells only at its end whether it is whole
                let read = std::io::copy(&mut entry.take(unpacked + 1), &mut std::io::sink());
                if read.map_err(|error| Fault::new(Why::Zip, error))? != unpacked {
                    return Err(Fault::new(Why::Zip, "a size that is not true"));
                }
                documents.push(number);
            }
        }
        if documents.is_empty() {
            return Err(Fault::new(Why::Zip, "no .xml file"));
        }
        Ok(Package { input, documents: Some(documents) })
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.as_ref().map_or(1, Vec::len)
    }

    /// Whether there is none; never so.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A document from its first byte.
    ///
    /// # Errors
    /// It cannot be read (any more).
    pub fn document(&self, number: usize) -> Result<Box<dyn BufRead + Send>, Fault> {
        let Some(documents) = &self.documents else {
            return Ok(Box::new(BufReader::new(open(&self.input)?)));
        };
        let index = *documents.get(number).ok_or_else(|| Fault::new(Why::Zip, "no such document"))?;
        Unpacking::begin(archive(&self.input)?, index)
    }

    /// The fingerprint of a document, in hexadecimal.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn hash(&self, number: usize) -> Result<String, Fault> {
        let mut document = self.document(number)?.take(MOST_BYTES);
        let mut digest = Sha256::new();
        let mut buffer = vec![0u8; 64 * 1024];
        loop {
            match document.read(&mut buffer).map_err(unreadable)? {
                0 => return Ok(hex::encode(digest.finalize())),
                count => digest.update(&buffer[..count]),
            }
        }
    }
}

/// A document that is unpacked while it is read: on a thread of its own, because a zip's entry borrows its archive.
struct Unpacking;

impl Unpacking {
    fn begin(mut archive: ZipArchive<Box<dyn Bytes>>, index: usize) -> Result<Box<dyn BufRead + Send>, Fault> {
        let (reader, mut writer) = std::io::pipe().map_err(unreadable)?;
        std::thread::spawn(move || {
            // it was read to its end before; a reader that goes away ends the copying
            if let Ok(entry) = archive.by_index(index) {
                let _ = std::io::copy(&mut entry.take(MOST_BYTES), &mut writer);
            }
        });
        Ok(Box::new(BufReader::new(reader)))
    }
}

fn archive(input: &Input) -> Result<ZipArchive<Box<dyn Bytes>>, Fault> {
    ZipArchive::new(open(input)?).map_err(|error| Fault::new(Why::Zip, error))
}

fn open(input: &Input) -> Result<Box<dyn Bytes>, Fault> {
    match input {
        Input::OnDisk(path) => {
            let file = File::open(path).map_err(unreadable)?;
            Ok(Box::new(file))
        }
        Input::InMemory(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
    }
}

fn unreadable(error: std::io::Error) -> Fault {
    Fault::new(Why::Unreadable, error)
}
