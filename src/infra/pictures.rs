//! Pictures that people send: looked at before they are decoded, turned upright, made smaller, and written anew as JPEG.
//!
//! What comes out holds pixels only: no place, no camera, no preview, no second file hidden behind the first. Beside the picture a small
//! one is made for lists, cut to the shape of a card.
//!
//! Decoding happens in a process of its own: the program starts itself, without its settings and secrets and within limits on memory and
//! time. A process that breaks, takes too much or does not end says no more than that the file is no picture.

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::infra::error::{Error, Result};

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most pixels, before decoding.
const MOST_PIXELS: u64 = 40_000_000;
/// Memory that decoding may take, in bytes: four per pixel and some room.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// The width of what is kept, at most.
const WIDEST: u32 = 1600;
const TALLEST: u32 = 2400;
const QUALITY: u8 = 82;
/// The small picture for lists: 16 to 9, as cards show it.
const CARD_WIDTH: u32 = 480;
const CARD_HEIGHT: u32 = 270;
const CARD_QUALITY: u8 = 72;

/// How the program is told to decode. No word of its command line: nobody types it.
pub const COMMAND: &str = "decode-picture";
/// How long it may take, on the clock and of the processor.
const PATIENCE: Duration = Duration::from_secs(10);
/// All memory of the process: what decoding may take, the smaller picture, and the program itself.
const MOST_ADDRESSES: u64 = 768 * 1024 * 1024;
/// The most that is read of what it writes.
const MOST_WRITTEN: u64 = 16 * 1024 * 1024;
const TOO_MANY_PIXELS: u8 = 10;
const NOT_A_PICTURE: u8 = 11;

/// One at a time: a picture may take all of `MOST_MEMORY`.
static DECODING: Semaphore = Semaphore::const_new(1);

crate::refusals! {
    /// Why a picture is not taken.
    pub enum PictureRefusal {
        TooLarge => Invalid("picture") "picture-too-large",
        TooManyPixels => Invalid("picture") "picture-too-many-pixels",
        /// Not a JPEG, PNG or WebP, or a broken one.
        NotAPicture => Invalid("picture") "picture-not-a-picture",
        Quota => Conflict "picture-quota",
    }
}

/// A picture written anew.
#[derive(Clone, Debug)]
pub struct Picture {
    /// A JPEG file without metadata.
    pub jpeg: Vec<u8>,
    /// The same for a card, a JPEG file of at most 480 by 270 pixels.
    pub card: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// The process that decodes: which program, and how long it may take.
#[derive(Clone, Debug)]
pub struct Decoder {
    pub program: PathBuf,
    pub patience: Duration,
}

impl Decoder {
    /// This program itself.
    ///
    /// # Errors
    /// The system does not say where the program is.
    pub fn of_this_program() -> std::io::Result<Decoder> {
        Ok(Decoder { program: std::env::current_exe()?, patience: PATIENCE })
    }

    /// Reads a file that somebody sent and writes the picture in it anew.
    ///
    /// # Errors
    /// [`PictureRefusal`] for what is too large or no picture.
    pub async fn take(&self, file: Vec<u8>) -> Result<Picture> {
        if file.len() > MOST_BYTES {
            return Err(PictureRefusal::TooLarge.into());
        }
        let _turn = DECODING.acquire().await.map_err(Error::broken)?;
        let decoded = tokio::time::timeout(self.patience, self.decode(&file)).await;
        let Ok(decoded) = decoded else {
            tracing::warn!(bytes = file.len(), "decoding a picture took too long");
            return Err(PictureRefusal::NotAPicture.into());
        };
        decoded
    }

    /// Hands the file to the process and reads what it writes. A process that is left behind is ended.
    async fn decode(&self, file: &[u8]) -> Result<Picture> {
        let mut process = Command::new(&self.program)
            .arg(COMMAND)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Error::broken(format!("pictures cannot be decoded: {error}")))?;
        let (Some(mut to), Some(from)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(Error::broken("a process without pipes"));
        };
        let mut written = Vec::new();
        let mut from = from.take(MOST_WRITTEN);
        let write = async {
            // one that has seen enough reads no further
            let _ = to.write_all(file).await;
            drop(to);
        };
        let (_, read) = tokio::join!(write, from.read_to_end(&mut written));
        read.map_err(Error::broken)?;
        let ended = process.wait().await.map_err(Error::broken)?;
        match ended.code() {
            Some(0) => picture_in(&written).ok_or_else(|| PictureRefusal::NotAPicture.into()),
            Some(code) if code == i32::from(TOO_MANY_PIXELS) => Err(PictureRefusal::TooManyPixels.into()),
            Some(code) if code == i32::from(NOT_A_PICTURE) => Err(PictureRefusal::NotAPicture.into()),
            _ => {
                tracing::warn!(%ended, bytes = file.len(), "decoding a picture broke");
                Err(PictureRefusal::NotAPicture.into())
            }
        }
    }
}

/// What the process wrote: width, height and the length of the small JPEG in twelve bytes, then the small one and the other.
fn picture_in(written: &[u8]) -> Option<Picture> {
    let (width, rest) = written.split_first_chunk::<4>()?;
    let (height, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (card, jpeg) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    let picture = Picture {
        jpeg: jpeg.to_vec(),
        card: card.to_vec(),
        width: u32::from_be_bytes(*width),
        height: u32::from_be_bytes(*height),
    };
    let are_jpeg = [card, jpeg].iter().all(|file| file.starts_with(&[0xff, 0xd8]));
    (picture.width > 0 && picture.height > 0 && are_jpeg).then_some(picture)
}

/// The process: from standard input to standard output, within its limits. It is told nothing else.
pub fn decode_here() -> ExitCode {
    let limits = [
        (Resource::As, MOST_ADDRESSES),
        (Resource::Cpu, PATIENCE.as_secs()),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        if setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).is_err() {
            return ExitCode::FAILURE;
        }
    }
    let mut file = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    if std::io::stdin().lock().take(most).read_to_end(&mut file).is_err() {
        return ExitCode::FAILURE;
    }
    let picture = match rewrite(&file) {
        Ok(picture) => picture,
        Err(PictureRefusal::TooManyPixels) => return ExitCode::from(TOO_MANY_PIXELS),
        Err(_) => return ExitCode::from(NOT_A_PICTURE),
    };
    let mut to = std::io::stdout().lock();
    let length = u32::try_from(picture.card.len()).unwrap_or(0).to_be_bytes();
    let parts =
        [&picture.width.to_be_bytes()[..], &picture.height.to_be_bytes(), &length, &picture.card, &picture.jpeg];
    match parts.iter().try_for_each(|part| to.write_all(part)).and_then(|()| to.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn rewrite(file: &[u8]) -> std::result::Result<Picture, PictureRefusal> {
    let no_picture = |_| PictureRefusal::NotAPicture;
    let format = image::guess_format(file).map_err(no_picture)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PictureRefusal::NotAPicture);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PictureRefusal::NotAPicture)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureRefusal::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(no_picture)?;
    if width > WIDEST || height > TALLEST {
        picture = picture.resize(WIDEST, TALLEST, FilterType::CatmullRom);
    }
    picture.apply_orientation(orientation);
    written(on_white(picture)).map_err(no_picture)
}

/// A picture that the program drew itself, written the way a picture of somebody else is.
///
/// # Errors
/// It could not be written.
pub fn drawn(pixels: RgbImage) -> Result<Picture> {
    written(pixels).map_err(Error::broken)
}

fn written(rgb: RgbImage) -> image::ImageResult<Picture> {
    let (width, height) = rgb.dimensions();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&rgb)?;
    let mut small = DynamicImage::from(rgb);
    if width > CARD_WIDTH || height > CARD_HEIGHT {
        let (width, height) = (width.min(CARD_WIDTH), height.min(CARD_HEIGHT));
        // a soft filter: less to keep, and no edges beside edges
        small = small.resize_to_fill(width, height, FilterType::Triangle);
    }
    let mut card = Vec::new();
    JpegEncoder::new_with_quality(&mut card, CARD_QUALITY).encode_image(&small)?;
    Ok(Picture { jpeg, card, width, height })
}

/// Without transparency: what was see-through becomes white.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
        let alpha = u16::from(from[3]);
        for channel in 0..3 {
            let mixed = (u16::from(from[channel]) * alpha + 255 * (255 - alpha)) / 255;
            to[channel] = u8::try_from(mixed).unwrap_or(255);
        }
    }
    rgb
}

#[cfg(test)]
mod tests;
