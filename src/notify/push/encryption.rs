//! What only the subscribed browser can read: the push service in between sees
//! nothing but its length (RFC 8291, over RFC 8188 with one record).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::entropy::Entropy;
use crate::error::{Internal, Result};

/// The length of a point of P-256, uncompressed.
pub const POINT: usize = 65;
/// The length of the secret a browser shares with us.
pub const AUTH: usize = 16;
/// The size of the one record; services need not take longer bodies
/// (RFC 8291 §4).
const RECORD: u32 = 4096;
/// The longest text that fits: the header, the delimiter and the tag go off.
pub const LONGEST: usize = RECORD as usize - (16 + 4 + 1 + POINT) - 1 - 16;

/// The body of a push message, `aes128gcm`.
///
/// # Errors
/// When the browser's key is no point of the curve or the text is too long.
pub fn encrypt(
    entropy: &Entropy,
    browser: &[u8; POINT],
    auth: &[u8; AUTH],
    text: &[u8],
) -> Result<Vec<u8>> {
    let ours = ephemeral(entropy)?;
    encrypt_with(&ours, entropy.bytes(), browser, auth, text)
}

/// A private key for one message. Of 2^32 drawings one is no scalar of the
/// curve: then another is drawn.
fn ephemeral(entropy: &Entropy) -> Result<PrivateKey> {
    for _ in 0..4 {
        if let Ok(key) = PrivateKey::from_private_key(&ECDH_P256, &entropy.bytes::<32>()) {
            return Ok(key);
        }
    }
    Err(Internal::new("no ephemeral key could be made"))
}

fn encrypt_with(
    ours: &PrivateKey,
    salt: [u8; 16],
    browser: &[u8; POINT],
    auth: &[u8; AUTH],
    text: &[u8],
) -> Result<Vec<u8>> {
    if text.len() > LONGEST {
        return Err(Internal::new("a push message is too long"));
    }
    let our_point = ours.compute_public_key()?;
    let our_point = our_point.as_ref();
    let peer = UnparsedPublicKey::new(&ECDH_P256, browser);
    let not_a_point = Internal::new("the browser's key is no point of P-256");
    // RFC 8291 §3.4: both points and the shared secret go into the key.
    let material = agree(ours, peer, not_a_point, |shared| {
        let info: [&[u8]; 3] = [b"WebPush: info\0", browser, our_point];
        expand::<32>(auth, shared, &info)
    })?;
    let key = expand::<16>(&salt, &material, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce = expand::<12>(&salt, &material, &[b"Content-Encoding: nonce\0"])?;

    let mut sealed = text.to_vec();
    // The delimiter of a last record (RFC 8188 §2).
    sealed.push(2);
    LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::empty(),
        &mut sealed,
    )?;
    let mut body = salt.to_vec();
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(our_point.len())?);
    body.extend_from_slice(our_point);
    body.append(&mut sealed);
    Ok(body)
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> Result<[u8; N]> {
    let mut out = [0; N];
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, Length(N))?
        .fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    /// The numbers of RFC 8291 §5 and its appendix A.
    #[test]
    fn the_example_of_the_rfc() {
        let ours: [u8; 32] = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let body = encrypt_with(
            &PrivateKey::from_private_key(&ECDH_P256, &ours).unwrap(),
            bytes("DGv6ra1nlYgDCS1FRnbzlw"),
            &bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            &bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            b"When I grow up, I want to be a watermelon",
        );
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body.unwrap()),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vC\
             YLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXL\
             WyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn no_point_and_no_long_text() {
        let entropy = Entropy::seeded(b"push");
        assert!(encrypt(&entropy, &[4; POINT], &[0; AUTH], b"text").is_err());
        let point = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let longest = encrypt(&entropy, &point, &[0; AUTH], &[b'a'; LONGEST]).unwrap();
        assert_eq!(longest.len(), 4096);
        assert!(encrypt(&entropy, &point, &[0; AUTH], &[b'a'; LONGEST + 1]).is_err());
    }
}
