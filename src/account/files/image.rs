//! Images are decoded within limits and encoded anew: what was appended,
//! hidden or said of place and camera is gone, and the picture stands upright.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, Limits};

use super::{LARGEST_FILE, MediaType};
use crate::account::problem::ProblemKind;

/// Longest side of a picture, in pixels.
const LONGEST_SIDE: u32 = 12_000;
/// A camera of 48 megapixels is let in.
const MOST_PIXELS: u64 = 50_000_000;
/// Bytes a decoded picture may take.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Letters in a passport are read well at this; more only costs room.
const KEPT_SIDE: u32 = 4_000;
const QUALITY: u8 = 88;

/// The picture in a file of its own, of the same kind.
pub(super) fn remade(content: &[u8], media: MediaType) -> Result<Vec<u8>, ProblemKind> {
    let mut picture = match media {
        MediaType::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(content), limits());
            decoded(decoder.map_err(|_| ProblemKind::FileBroken)?)?
        }
        _ => decoded(JpegDecoder::new(Cursor::new(content)).map_err(|_| ProblemKind::FileBroken)?)?,
    };
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    let mut out = Vec::new();
    let written = match media {
        MediaType::Png => {
            eight_bits(picture).write_to(&mut Cursor::new(&mut out), ImageFormat::Png)
        }
        _ => picture
            .to_rgb8()
            .write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)),
    };
    written.map_err(|_| ProblemKind::FileBroken)?;
    // Noise may grow when it is packed anew.
    if out.len() > 2 * LARGEST_FILE {
        return Err(ProblemKind::FileSize);
    }
    Ok(out)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    limits
}

fn decoded(mut decoder: impl ImageDecoder) -> Result<DynamicImage, ProblemKind> {
    let (width, height) = decoder.dimensions();
    if width.max(height) > LONGEST_SIDE
        || u64::from(width) * u64::from(height) > MOST_PIXELS
        || decoder.total_bytes() > MOST_BYTES
    {
        return Err(ProblemKind::FilePixels);
    }
    decoder
        .set_limits(limits())
        .map_err(|_| ProblemKind::FilePixels)?;
    let upright = decoder.orientation();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| ProblemKind::FileBroken)?;
    if let Ok(upright) = upright {
        picture.apply_orientation(upright);
    }
    Ok(picture)
}

/// Sixteen bits a colour show nothing more and take twice the room.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(picture.to_luma8()),
        DynamicImage::ImageRgb16(_) => DynamicImage::ImageRgb8(picture.to_rgb8()),
        DynamicImage::ImageLumaA16(_) | DynamicImage::ImageRgba16(_) => {
            DynamicImage::ImageRgba8(picture.to_rgba8())
        }
        other => other,
    }
}
