//! Mail on the wire.

use base64::Engine as _;

use super::servers::{Heard, Mood, mail_server};
use super::*;
use crate::notify::settings::Security;
use crate::notify::{Smtp, SmtpSettings};

fn settings(port: u16) -> SmtpSettings {
    toml::from_str(&format!(
        "host = '127.0.0.1'\nport = {port}\nsecurity = 'none'\ntimeout_seconds = 1\n\
         from = 'Пропуск <no-reply@id.region.example>'"
    ))
    .unwrap()
}

async fn server() -> (Smtp, Arc<Heard>, SmtpSettings) {
    let (port, heard) = mail_server().await;
    let settings = settings(port);
    (Smtp::new(&settings).unwrap(), heard, settings)
}

fn message(recipient: &str) -> OutgoingMessage {
    let kind = MessageKind::SignInNewDevice;
    let device = ("device", "Chrome\r\nBcc: x@evil.example".to_owned());
    let place = ("place", "Казань".to_owned());
    let time = ("time", START.millis().to_string());
    composed(
        Channel::Email,
        recipient,
        kind,
        &[device, place, time],
        Lang::Ru,
    )
    .unwrap()
}

#[tokio::test]
async fn a_mail_has_the_headers_it_should_and_no_others() {
    let (smtp, heard, _) = server().await;
    smtp.check().await.unwrap();
    smtp.send("id-1", &message("ivan@mail.example"))
        .await
        .unwrap();
    let mail = heard.all().pop().unwrap();
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    for expected in [
        "Message-ID: <id-1@id.region.example>",
        "To: ivan@mail.example",
        "Auto-Submitted: auto-generated",
        "Content-Language: ru",
        "Date: Tue, 24 Mar 2026 11:05:09 +0000",
        "boundary=\"part-id-1\"",
    ] {
        assert!(head.contains(expected), "{expected} in {head}");
    }
    let mut names: Vec<_> = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Auto-Submitted",
            "Content-Language",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To"
        ]
    );
    let plain = body
        .split("\r\n\r\n")
        .nth(1)
        .unwrap()
        .split("\r\n--part")
        .next()
        .unwrap();
    let plain: String = plain.split_whitespace().collect();
    let plain = base64::engine::general_purpose::STANDARD
        .decode(plain)
        .unwrap();
    let plain = String::from_utf8(plain).unwrap();
    assert!(plain.contains("24.03.2026 14:05:09 МСК"), "{plain}");
    assert!(
        plain.contains("вошли: Chrome Bcc: x@evil.example, Казань"),
        "{plain}"
    );
}

#[tokio::test]
async fn a_repeat_is_the_same_mail_byte_for_byte() {
    let (smtp, heard, _) = server().await;
    heard.moods(&[Mood::CutAfterData]);
    let message = message("ivan@mail.example");
    let failed = smtp.send("id-2", &message).await.unwrap_err();
    assert!(!failed.permanent);
    smtp.send("id-2", &message).await.unwrap();
    let mails = heard.all();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0], mails[1]);
}

#[tokio::test]
async fn refusals_are_told_apart_and_name_nobody() {
    let (smtp, heard, _) = server().await;
    for (code, permanent) in [
        (550, true),
        (553, true),
        (451, false),
        (421, false),
        (530, false),
        (535, false),
    ] {
        heard.moods(&[Mood::Refuse(code)]);
        let failed = smtp
            .send("id-3", &message("ivan@mail.example"))
            .await
            .unwrap_err();
        assert_eq!(failed.permanent, permanent, "{code}");
        assert_eq!(failed.why, format!("the mail server answered {code}"));
    }
    let nobody = Smtp::new(&settings(9)).unwrap();
    let failed = nobody
        .send("id-5", &message("ivan@mail.example"))
        .await
        .unwrap_err();
    assert_eq!(failed.why, "the mail server cannot be reached");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_and_its_connection_is_not_used_again() {
    let (smtp, heard, _) = server().await;
    smtp.send("id-4", &message("ivan@mail.example"))
        .await
        .unwrap();
    heard.moods(&[Mood::Silent, Mood::Accept, Mood::Refuse(550)]);
    let failed = smtp
        .send("id-5", &message("ivan@mail.example"))
        .await
        .unwrap_err();
    assert!(
        !failed.permanent && failed.why.contains("in time"),
        "{}",
        failed.why
    );
    smtp.send("id-5", &message("ivan@mail.example"))
        .await
        .unwrap();
    assert_eq!(
        heard.connections.load(std::sync::atomic::Ordering::SeqCst),
        2
    );
    assert!(
        smtp.send("id-6", &message("ivan@mail.example"))
            .await
            .unwrap_err()
            .permanent
    );
    assert_eq!(heard.all().len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_when_protection_was_asked_for() {
    let (_, heard, mut settings) = server().await;
    settings.security = Security::Starttls;
    let failed = Smtp::new(&settings)
        .unwrap()
        .send("id-6", &message("i@mail.example"))
        .await;
    assert!(!failed.unwrap_err().permanent);
    settings.security = Security::Tls;
    let failed = Smtp::new(&settings)
        .unwrap()
        .send("id-7", &message("i@mail.example"))
        .await;
    assert!(!failed.unwrap_err().permanent);
    assert!(heard.all().is_empty());
}

#[test]
fn bad_settings_say_what_is_wrong() {
    let refused = |change: fn(&mut SmtpSettings)| {
        let mut settings = settings(25);
        change(&mut settings);
        Smtp::new(&settings).err().unwrap().to_string()
    };
    assert!(refused(|s| s.from = "nobody".into()).contains("smtp.from"));
    assert!(refused(|s| s.username = Some("u".into())).contains("belong together"));
    assert!(
        refused(|s| {
            s.username = Some("u".into());
            s.password = Some(crate::model::secret::Secret::new("p"));
        })
        .contains("in the clear")
    );
    assert!(refused(|s| s.password_file = Some("/nowhere".into())).contains("password_file"));
    assert!(toml::from_str::<SmtpSettings>("host='x'\nfrom='a@b.c'\npasword='x'").is_err());
    let defaults: SmtpSettings = toml::from_str("host='x'\nfrom='a@b.example'").unwrap();
    assert_eq!(
        (defaults.security, defaults.port()),
        (Security::Starttls, 587)
    );
}
