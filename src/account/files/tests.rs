//! What becomes of files of every kind.

use std::io::Cursor;

use ::image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::*;

fn picture(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([200, 0, 0])
        } else {
            Rgb([0, 0, 200])
        }
    })
    .into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut out), format)
        .unwrap();
    out
}

/// A JPEG that says in EXIF that it lies on its side, and where it was taken.
fn lying(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    // One entry: orientation (0x0112), a short, 6: to be turned by 90°.
    tiff.extend(b"\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    tiff.extend(b"GPS 48.7N 44.5E");
    let mut app1 = b"Exif\0\0".to_vec();
    app1.extend(tiff);
    let mut out = jpeg[..2].to_vec();
    out.extend(b"\xff\xe1");
    out.extend(u16::try_from(app1.len() + 2).unwrap().to_be_bytes());
    out.extend(app1);
    out.extend(&jpeg[2..]);
    out
}

fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(&picture(8, 8), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// CRC-32 of a PNG chunk (PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

fn pdf(middle: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".to_vec();
    pdf.extend(middle);
    pdf.extend(b"\ntrailer << /Root 1 0 R >>\n%%EOF\n");
    pdf
}

fn packed(dictionary: &str, objects: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(objects, 6);
    let mut out = format!("5 0 obj\n<< /Type /ObjStm {dictionary} >>\nstream\n").into_bytes();
    out.extend(packed);
    out.extend(b"\nendstream\nendobj");
    out
}

#[test]
fn attack_54_images_are_made_anew_and_stand_upright() {
    let mut hidden = lying(&encoded(&picture(80, 40), ImageFormat::Jpeg));
    hidden.extend(b"<script>alert(1)</script>PK\x03\x04");
    let kept = cleaned(hidden, Takes::Images).unwrap();
    assert_eq!(kept.media, MediaType::Jpeg);
    for gone in [&b"Exif"[..], b"GPS", b"script", b"PK\x03\x04"] {
        assert!(!kept.content.windows(gone.len()).any(|part| part == gone));
    }
    let shown = ::image::load_from_memory(&kept.content).unwrap().to_rgb8();
    assert_eq!(shown.dimensions(), (40, 80));
    // Turned clockwise, the left half is above.
    assert!(shown.get_pixel(20, 10)[0] > 150 && shown.get_pixel(20, 70)[2] > 150);
}

#[test]
fn attack_54_content_decides_what_a_file_is() {
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
    let html = b"<html><script>alert(1)</script>".to_vec();
    for foreign in [gif, html, Vec::new(), b"MZ\x90\0".to_vec()] {
        let refused = cleaned(foreign.clone(), Takes::Images);
        assert_eq!(refused, Err(ProblemKind::FileNotImage));
        assert_eq!(
            cleaned(foreign, Takes::Scans),
            Err(ProblemKind::FileNotScan)
        );
    }
    assert_eq!(
        cleaned(pdf(b""), Takes::Images),
        Err(ProblemKind::FileNotImage)
    );
    // It only begins like one.
    let torn = encoded(&picture(80, 40), ImageFormat::Png)[..60].to_vec();
    assert_eq!(cleaned(torn, Takes::Images), Err(ProblemKind::FileBroken));
    let mut large = encoded(&picture(8, 8), ImageFormat::Png);
    large.resize(LARGEST_FILE + 1, 0);
    assert_eq!(cleaned(large, Takes::Images), Err(ProblemKind::FileSize));
}

#[test]
fn attack_53_a_picture_that_unpacks_to_gigabytes_is_not_unpacked() {
    for (width, height) in [(60_000, 60_000), (11_000, 11_000), (200_000, 1)] {
        let refused = cleaned(png_of_size(width, height), Takes::Images);
        assert!(
            matches!(
                refused,
                Err(ProblemKind::FilePixels | ProblemKind::FileBroken)
            ),
            "{width}x{height}: {refused:?}"
        );
    }
}

#[test]
fn attack_54_a_pdf_that_does_something_is_refused() {
    assert!(cleaned(pdf(b""), Takes::Scans).is_ok());
    assert!(
        cleaned(
            pdf(&packed("/Filter /FlateDecode", b"<< /Type /Page >>")),
            Takes::Scans
        )
        .is_ok()
    );
    let tables: [(&[u8], ProblemKind); 6] = [
        (
            b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
            ProblemKind::PdfActive,
        ),
        (b"<< /S /J#61vaScript >>", ProblemKind::PdfActive),
        (b"<< /S/Launch /F (calc.exe) >>", ProblemKind::PdfActive),
        (
            b"<< /Names << /EmbeddedFiles 5 0 R >> >>",
            ProblemKind::PdfActive,
        ),
        (b"<< /XFA 9 0 R >>", ProblemKind::PdfActive),
        (b"<< /Encrypt 7 0 R >>", ProblemKind::PdfEncrypted),
    ];
    for (inside, problem) in tables {
        assert_eq!(cleaned(pdf(inside), Takes::Scans), Err(problem));
        let hidden = pdf(&packed("/Filter /FlateDecode", inside));
        assert_eq!(cleaned(hidden, Takes::Scans), Err(problem));
    }
    // Packed in a way that is not looked into.
    let strange = pdf(&packed("/Filter [/ASCIIHexDecode /FlateDecode]", b"x"));
    assert_eq!(cleaned(strange, Takes::Scans), Err(ProblemKind::PdfActive));
    // What packs it is said elsewhere.
    let elsewhere = pdf(&packed("/Filter 9 0 R", b"<< /S /JavaScript >>"));
    assert_eq!(
        cleaned(elsewhere, Takes::Scans),
        Err(ProblemKind::PdfActive)
    );
    // A word that looks like the beginning of another stream.
    let mut masked = b"% stream\n".to_vec();
    masked.extend(packed("/Filter /FlateDecode", b"<< /S /JavaScript >>"));
    assert_eq!(
        cleaned(pdf(&masked), Takes::Scans),
        Err(ProblemKind::PdfActive)
    );
    // A bomb.
    let bomb = pdf(&packed("/Filter /FlateDecode", &vec![b' '; 64 << 20]));
    assert_eq!(cleaned(bomb, Takes::Scans), Err(ProblemKind::FileBroken));
    assert_eq!(
        cleaned(b"%PDF-1.7 and no end".to_vec(), Takes::Scans),
        Err(ProblemKind::FileBroken)
    );
}
