use super::*;
use image::ImageEncoder;
use image::codecs::png::PngEncoder;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let pixels = vec![200u8; usize::try_from(width * height * 4).unwrap()];
    PngEncoder::new(&mut out).write_image(&pixels, width, height, image::ExtendedColorType::Rgba8).unwrap();
    out
}

fn refusal(file: &[u8]) -> PictureRefusal {
    rewrite(file).unwrap_err()
}

#[test]
fn a_picture_is_made_smaller_and_loses_what_is_no_pixel() {
    let mut file = png(2000, 1000);
    file.extend_from_slice(b"<?php hidden behind the picture");
    let picture = rewrite(&file).unwrap();
    assert_eq!((picture.width, picture.height), (1600, 800));
    assert!(picture.jpeg.starts_with(&[0xff, 0xd8, 0xff]));
    assert!(!picture.jpeg.windows(6).any(|w| w == b"hidden"));
    let card = image::load_from_memory_with_format(&picture.card, ImageFormat::Jpeg).unwrap();
    assert_eq!((card.width(), card.height()), (480, 270));
}

#[test]
fn a_photo_taken_sideways_is_turned_upright_and_loses_its_place() {
    let mut plain = Vec::new();
    JpegEncoder::new(&mut plain).encode_image(&RgbImage::new(40, 20)).unwrap();
    // An EXIF segment with one entry: orientation 6, a quarter turn.
    let mut file = plain[..2].to_vec();
    let exif: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    file.extend_from_slice(&[0xff, 0xe1, 0, u8::try_from(exif.len() + 2).unwrap()]);
    file.extend_from_slice(exif);
    file.extend_from_slice(&plain[2..]);
    let picture = rewrite(&file).unwrap();
    assert_eq!((picture.width, picture.height), (20, 40));
    let card = image::load_from_memory_with_format(&picture.card, ImageFormat::Jpeg).unwrap();
    assert_eq!((card.width(), card.height()), (20, 40), "what is small already stays as it is");
    assert!(!picture.jpeg.windows(4).any(|w| w == b"Exif"));
}

#[test]
fn bombs_halves_and_other_files_are_refused() {
    // A PNG of a few bytes that says it is 30,000 by 30,000.
    let mut bomb = png(1, 1);
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(refusal(&bomb), PictureRefusal::TooManyPixels);
    let half = png(300, 300);
    assert_eq!(refusal(&half[..half.len() / 2]), PictureRefusal::NotAPicture);
    for other in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"",
    ] {
        assert_eq!(refusal(other), PictureRefusal::NotAPicture);
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    })
}
