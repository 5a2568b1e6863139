//! What the operator of a portal decides: who it is, where it listens, whom it
//! trusts with signing people in.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use openidconnect::IssuerUrl;
use url::Url;

/// A regional portal that lets an OpenID provider sign its visitors in.
///
/// Register it at the provider with these addresses, where PORTAL is the public
/// address: redirect URI PORTAL/callback, post-logout redirect URI
/// PORTAL/signed-out, back-channel logout URI PORTAL/backchannel_logout.
#[derive(Parser)]
#[command(name = "regional_portal")]
pub struct Settings {
    /// The provider's issuer, exactly as its discovery document spells it.
    #[arg(long, env = "PORTAL_ISSUER", value_parser = issuer, default_value = "http://localhost:8080")]
    pub issuer: IssuerUrl,

    /// Address and port to listen on.
    #[arg(long, env = "PORTAL_LISTEN", default_value = "127.0.0.1:8091")]
    pub listen: SocketAddr,

    /// Address at which browsers find the portal, if not http://LISTEN.
    #[arg(long, env = "PORTAL_PUBLIC_URL")]
    public_url: Option<Url>,

    /// Identifier that the provider gave to this portal.
    #[arg(long, env = "PORTAL_CLIENT_ID", default_value = "portal-a")]
    pub client_id: String,

    /// Secret of this portal. Prefer the environment: arguments show in `ps`.
    #[arg(long, env = "PORTAL_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: String,

    /// Name of the portal in Russian.
    #[arg(long, env = "PORTAL_NAME_RU", default_value = "Портал региона")]
    pub name_ru: String,

    /// Name of the portal in English.
    #[arg(long, env = "PORTAL_NAME_EN", default_value = "Regional portal")]
    pub name_en: String,

    /// Colour of the header and buttons.
    #[arg(long, env = "PORTAL_COLOUR", default_value = "#1d4f91")]
    pub colour: Colour,

    /// What to ask for. `offline_access` brings the refresh token.
    #[arg(
        long,
        env = "PORTAL_SCOPE",
        default_value = "openid profile email phone offline_access"
    )]
    pub scope: String,

    /// PEM file with the only authority to trust for the provider's TLS.
    #[arg(long, env = "PORTAL_CA_FILE")]
    pub ca_file: Option<PathBuf>,
}

impl Settings {
    /// The portal's own address: the base of every URI that we tell the provider.
    ///
    /// It comes from settings and never from the `Host` header, which a stranger
    /// writes.
    pub fn public_url(&self) -> Url {
        self.public_url.clone().unwrap_or_else(|| {
            Url::parse(&format!("http://{}", self.listen)).expect("a socket address makes an URL")
        })
    }

    /// An address on this portal.
    pub fn own(&self, path: &str) -> String {
        self.public_url()
            .join(path)
            .expect("our paths are valid")
            .into()
    }
}

fn issuer(text: &str) -> Result<IssuerUrl, url::ParseError> {
    IssuerUrl::new(text.to_owned())
}

/// A colour and whichever of black and white is readable on it.
#[derive(Clone)]
pub struct Colour {
    pub background: String,
    pub text: &'static str,
}

impl std::str::FromStr for Colour {
    type Err = String;

    /// Accepts `#rrggbb` only: the value is written into a stylesheet.
    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .ok_or("a colour is written like #1d4f91")?;
        let channel = |at: usize| {
            let byte = u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
            let part = f64::from(byte) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        // WCAG 2.2, relative luminance. At 0.179 black and white contrast alike,
        // so the better of the two always passes 4.5 : 1.
        let luminance = 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
        Ok(Self {
            background: text.to_owned(),
            text: if luminance > 0.179 {
                "#000000"
            } else {
                "#ffffff"
            },
        })
    }
}
