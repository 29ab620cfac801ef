//! A logo as it is uploaded becomes a small PNG of ours: whatever else stood in the file is gone.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

pub const BYTES_MAX: usize = 1024 * 1024;
/// Pixels of a side, before it is made smaller.
const SIDE_MAX: u32 = 4096;
/// While it is decoded: four bytes a pixel, and some.
const MEMORY_MAX: u64 = 80 * 1024 * 1024;
/// Sharp at the size at which it is shown, on the finest screens.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 128;

pub struct Png {
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

/// What is wrong with it, as in `must be …`.
pub fn make(bytes: &[u8]) -> Result<Png, String> {
    if bytes.len() > BYTES_MAX {
        return Err(format!("may have at most {BYTES_MAX} bytes"));
    }
    let image = decode(bytes)?;
    let image = if image.width() > WIDTH || image.height() > HEIGHT {
        image.resize(WIDTH, HEIGHT, FilterType::CatmullRom)
    } else {
        image
    };
    let image = DynamicImage::ImageRgba8(image.into_rgba8());
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).map_err(|_| BROKEN.to_owned())?;
    Ok(Png { bytes: png.into_inner(), width: image.width(), height: image.height() })
}

const BROKEN: &str = "is no image that can be read to its end";

/// By what the file begins with, not by what it is called.
fn decode(bytes: &[u8]) -> Result<DynamicImage, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| BROKEN.to_owned())?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err("must be a PNG, JPEG or WebP image; other kinds, such as SVG, are not taken".to_owned());
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(SIDE_MAX), Some(SIDE_MAX));
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let wrong = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => format!("may have at most {SIDE_MAX} × {SIDE_MAX} pixels"),
        _ => BROKEN.to_owned(),
    };
    let mut decoder = reader.into_decoder().map_err(wrong)?;
    let orientation = decoder.orientation().map_err(wrong)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(wrong)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn made(bytes: &[u8]) -> (u32, u32) {
        let png = make(bytes).unwrap_or_else(|what| panic!("{what}"));
        assert!(png.bytes.starts_with(b"\x89PNG"));
        (png.width, png.height)
    }

    #[test]
    fn an_image_becomes_a_small_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            assert_eq!(made(&encoded(200, 50, format)), (200, 50), "{format:?}");
        }
        assert_eq!(made(&encoded(2000, 100, ImageFormat::Png)), (640, 32));
        assert_eq!(made(&encoded(400, 800, ImageFormat::Jpeg)), (64, 128));
        assert_eq!(made(&encoded(1, 1, ImageFormat::Png)), (1, 1));
    }

    #[test]
    fn what_stood_in_the_file_beside_the_image_is_gone() {
        let mut bytes = encoded(20, 20, ImageFormat::Png);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let png = make(&bytes).unwrap();
        assert!(!png.bytes.windows(8).any(|part| part == b"<script>"));
    }

    #[test]
    fn what_is_no_image_or_too_large_is_refused() {
        let says = |bytes: &[u8]| make(bytes).map(|png| (png.width, png.height)).unwrap_err();
        for other in [b"".as_slice(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"%PDF-1.7", b"text"] {
            assert!(says(other).starts_with("must be a PNG, JPEG or WebP image"), "{other:?}");
        }
        let png = encoded(200, 50, ImageFormat::Png);
        assert_eq!(says(&png[..png.len() / 2]), BROKEN);
        assert_eq!(says(&png[..20]), BROKEN);
        assert!(says(&vec![0; BYTES_MAX + 1]).contains("1048576 bytes"));
        // A bomb: few bytes, many pixels.
        assert!(says(&encoded(5000, 100, ImageFormat::Png)).contains("4096 × 4096 pixels"));
    }
}
