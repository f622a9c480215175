//! Files of strangers: decoded in a process of its own, within limits, and written anew; and files for others, which hold no formulas.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use drempel::infra::error::Error;
use drempel::infra::pictures::{self, Decoder, Picture, PictureRefusal};
use drempel::infra::{random, texts};
use drempel::values::Lang;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use reqwest::multipart::{Form, Part};

use crate::forms::{cookies, plain};
use crate::support::App;

fn decoder() -> Decoder {
    Decoder { program: env!("CARGO_BIN_EXE_drempel").into(), patience: Duration::from_secs(10) }
}

async fn take(file: Vec<u8>) -> Picture {
    decoder().take(file).await.expect("a picture")
}

fn refused(error: &Error) -> PictureRefusal {
    error.refusal::<PictureRefusal>().cloned().unwrap_or_else(|| panic!("{error}"))
}

async fn refusal(file: Vec<u8>) -> PictureRefusal {
    refused(&decoder().take(file).await.expect_err("a refusal"))
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let pixels = vec![200u8; usize::try_from(width * height * 3).expect("a size")];
    PngEncoder::new(&mut out).write_image(&pixels, width, height, ExtendedColorType::Rgb8).expect("a PNG");
    out
}

fn jpeg() -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new(&mut out).encode_image(&RgbImage::new(40, 20)).expect("a JPEG");
    out
}

/// The file with another width and height in its head, and a right checksum.
fn claiming(mut png: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = !png[12..29].iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    });
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

#[tokio::test]
async fn b6_what_comes_out_is_pixels_only() {
    let mut polyglot = png(2000, 1000);
    polyglot.extend_from_slice(b"PK\x03\x04 <script>alert(1)</script> hidden");
    let picture = take(polyglot).await;
    assert_eq!((picture.width, picture.height), (1600, 800));
    assert!(picture.jpeg.starts_with(&[0xff, 0xd8, 0xff]) && !picture.jpeg.windows(6).any(|w| w == b"hidden"));
    // an EXIF segment with the place where it was taken
    let plain = jpeg();
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0 GPS 51.9225N";
    let length = u16::try_from(exif.len() + 2).expect("a length").to_be_bytes();
    let photo = [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat();
    let picture = take(photo).await;
    assert_eq!((picture.width, picture.height), (40, 20));
    for word in [&b"Exif"[..], b"GPS", b"51.9225"] {
        assert!(!picture.jpeg.windows(word.len()).any(|w| w == word));
    }
}

#[tokio::test]
async fn b6_floods_bombs_halves_and_other_files_are_no_pictures() {
    assert_eq!(refusal(claiming(png(1, 1), 30_000, 30_000)).await, PictureRefusal::TooManyPixels);
    assert_eq!(
        refusal(claiming(png(1, 1), 6_400, 6_400)).await,
        PictureRefusal::TooManyPixels,
        "more than forty million"
    );
    // as many pixels as are allowed, of which there is only one
    assert_eq!(refusal(claiming(png(1, 1), 6_300, 6_300)).await, PictureRefusal::NotAPicture);
    let half = png(300, 300);
    assert_eq!(refusal(half[..half.len() / 2].to_vec()).await, PictureRefusal::NotAPicture);
    for other in
        [&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"\xff\xd8\xff", b""]
    {
        assert_eq!(refusal(other.to_vec()).await, PictureRefusal::NotAPicture);
    }
    assert_eq!(refusal(vec![0; pictures::MOST_BYTES + 1]).await, PictureRefusal::TooLarge);
    // a real one of 39 million pixels fits into the memory there is
    let picture = take(png(6_240, 6_240)).await;
    assert_eq!((picture.width, picture.height), (1600, 1600));
}

/// A program in a folder of its own, in place of the decoder.
fn script(text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::temp_dir().join(format!("drempel-decoder-{}", random::secret()));
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a script");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a program");
    path
}

#[tokio::test]
async fn b6_a_process_that_does_not_end_is_ended() {
    let told = std::env::temp_dir().join(format!("drempel-decoder-pid-{}", random::secret()));
    let program = script(&format!("echo $$ > {}\nexec /bin/sleep 60", told.display()));
    let decoder = Decoder { program: program.clone(), patience: Duration::from_millis(800) };
    let began = Instant::now();
    let error = decoder.take(png(300, 300)).await.expect_err("a refusal");
    assert_eq!(refused(&error), PictureRefusal::NotAPicture);
    assert!(began.elapsed() < Duration::from_secs(40), "others may be decoded before it");
    let process = std::fs::read_to_string(&told).expect("it ran").trim().to_owned();
    let mut state = String::from("?");
    for _ in 0..50 {
        // gone, or dead and not yet collected
        state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        if state.is_empty() || state.contains(") Z ") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
    let _ = (std::fs::remove_file(program), std::fs::remove_file(told));
}

#[tokio::test]
async fn b6_a_process_that_breaks_or_writes_nonsense_says_no_picture() {
    for text in ["kill -9 $$", "exit 3", "exit 0", "echo nonsense", "exec /bin/cat /dev/zero"] {
        let decoder = Decoder { program: script(text), patience: Duration::from_secs(5) };
        let error = decoder.take(png(30, 30)).await.expect_err("a refusal");
        assert_eq!(refused(&error), PictureRefusal::NotAPicture, "{text}");
        let _ = std::fs::remove_file(decoder.program);
    }
    let nowhere = Decoder { program: "/nowhere/at/all".into(), patience: Duration::from_secs(5) };
    let error = nowhere.take(png(30, 30)).await.expect_err("an error");
    assert!(matches!(error, Error::Broken(_)), "ours, not the sender's: {error}");
}

#[test]
fn b6_the_process_lives_within_limits() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_drempel"))
        .arg(pictures::COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    let path = format!("/proc/{}/limits", process.id());
    let limit = |name: &str| {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line[name.len().min(line.len())..].split_whitespace().nth(1).unwrap_or_default().to_owned()
    };
    let began = Instant::now();
    while limit("Max core file size") != "0" && began.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let held = ["Max address space", "Max cpu time", "Max file size", "Max core file size"].map(limit);
    assert_eq!(held, ["805306368", "10", "0", "0"]);
    process.stdin.take().expect("a pipe").write_all(b"no picture").expect("it listens");
    assert_eq!(process.wait().expect("it ends").code(), Some(11));
}

#[tokio::test]
async fn b6_a_project_keeps_fifty_pictures_and_a_hundred_megabytes() {
    let app = App::start().await;
    let signed_in = plain().post(app.url("/dev/sign-in")).form(&[("email", "owner@kookclub.example")]).send().await;
    let cookie = cookies(&signed_in.expect("an answer"));
    let send = async || {
        let form = Form::new()
            .text("audience", "everybody")
            .text("title_nl", "Nieuws")
            .text("body_nl", "Tekst")
            .text("picture_alt", "Een veld")
            .part("picture", Part::bytes(png(30, 30)).file_name("x.png"));
        let call = plain().post(app.url("/nl/studio/projects/kookclub/updates/new")).header("cookie", &cookie);
        let answer = call.multipart(form).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a page"))
    };
    let keep = async |number: i64, bytes: i64| {
        let mut tx = app.s.db.begin().await.expect("a transaction");
        sqlx::query(
            "INSERT INTO files (id, project_id, sha256, width, height, bytes, created_at)
             VALUES ($1, 'prj_1', '', 1, 1, $2, $3)",
        )
        .bind(format!("fil_{number}"))
        .bind(bytes)
        .bind(app.s.clock.now())
        .execute(&mut *tx)
        .await
        .expect("a row");
        tx.commit().await.expect("a commit");
    };
    let full = "Dit project heeft al 50 foto";
    assert!(texts::text(Lang::Nl, "picture-quota").starts_with(full));
    for number in 0..49 {
        keep(number, 1).await;
    }
    assert_eq!(send().await.0, 303, "the fiftieth");
    let (status, page) = send().await;
    assert!(status == 422 && page.contains(full), "{status} {page}");
    app.sql("DELETE FROM updates").await.expect("no updates");
    app.sql("DELETE FROM files").await.expect("no files");
    keep(100, 100 * 1024 * 1024).await;
    let (status, page) = send().await;
    assert!(status == 422 && page.contains(full) && page.contains("Nieuws"), "{status} {page}");
}

/// What people typed goes into a table through the one place that makes no formulas of it.
#[tokio::test]
async fn b6_every_table_neutralises_formulas() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut makers = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            if text.contains("text/csv") {
                let is_numbers_only = path.ends_with("site/parts.rs");
                // the table is made by what it shows: one of these, looked at below
                let is_made_there = text.contains("figures.csv()") || text.contains("summed.csv()");
                let is_safe = is_made_there
                    || text.contains("csv::line(")
                    || text.contains("csv::line_by(")
                    || text.contains("cells::line(")
                    || text.contains("protocol_page(");
                assert!(is_safe || is_numbers_only, "{} writes a table by itself", path.display());
                makers.push(path);
            }
        }
    }
    assert!(makers.len() >= 5, "{makers:?}");
    for maker in ["site/figures.rs", "site/summed.rs"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features").join(maker);
        assert!(std::fs::read_to_string(path).expect("a source file").contains("csv::line("), "{maker}");
    }
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let books = plain().get(app.url("/api/v1/projects/kookclub/books.csv")).send().await.expect("an answer");
    let books = books.text().await.expect("a table");
    let (_, rows) = books.split_once("\r\n").expect("a head");
    assert!(!rows.is_empty() && rows.chars().all(|c| c.is_ascii_digit() || "-,\r\n".contains(c)), "{books}");
}
