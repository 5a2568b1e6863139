//! Every kind in every language, and what strangers may try to put into it.

use super::*;
use crate::notify::kind::Importance;
use crate::notify::{KINDS, Shape, notice, read_notice, render};
use crate::texts::Texts;

/// A stranger's words: a header, markup, an address, marks that turn the text.
const HOSTILE: &str = "Иван\r\nBcc: all@evil.example\r\n\r\n<b onclick=x>\"'&amp;</b> \u{202e}https://evil.example/\u{200b}\0{{phone}} { $code }";

fn values(kind: MessageKind, words: &str) -> Vec<(&'static str, String)> {
    let row = kind.row();
    row.params
        .iter()
        .map(|param| {
            let value = match param.shape {
                Shape::Code => "048151".to_owned(),
                Shape::Link => "https://id.region.example/account?a=1&b=2".to_owned(),
                Shape::Name => words.to_owned(),
                Shape::Moment => START.millis().to_string(),
                Shape::Reasons => "new_country impossible_travel".to_owned(),
            };
            (param.name, value)
        })
        .collect()
}

fn each(mut check: impl FnMut(MessageKind, Lang)) {
    for row in KINDS {
        for lang in Lang::ALL {
            check(row.kind, lang);
        }
    }
}

/// A text without the link at its end.
fn words_of(sms: &str) -> String {
    let link = sms.find(" https://id.region.example/");
    sms[..link.unwrap_or(sms.len())].to_owned()
}

#[test]
fn every_kind_has_words_in_every_language() {
    each(|kind, lang| {
        let values = values(
            kind,
            if lang == Lang::Ru {
                "Яндекс Браузер, Windows"
            } else {
                "Chrome, Windows"
            },
        );
        let mail = composed(Channel::Email, "ivan@mail.example", kind, &values, lang).unwrap();
        let mail = render::mail(&mail).unwrap();
        let sms = composed(Channel::Sms, "+79001234567", kind, &values, lang).unwrap();
        let sms = render::sms(&sms);
        for words in [&mail.subject, &mail.text, &mail.html, &sms] {
            assert!(
                !words.contains("message-") && !words.contains("{ "),
                "{kind:?}: {words}"
            );
            assert!(!words.is_empty());
        }
        let row = kind.row();
        for param in row.params {
            // What only a mail has room for is in no SMS; what is taken is used.
            let value = param.say(
                &values.iter().find(|v| v.0 == param.name).unwrap().1,
                lang,
                80,
            );
            assert!(
                mail.text.contains(&value),
                "{kind:?} does not use {}",
                param.name
            );
        }
        // One part of 160 plain Latin letters, or two of 67 of any alphabet.
        // The link of who has not done it comes on top.
        let sms = words_of(&sms);
        let most = if sms.is_ascii() { 160 } else { 134 };
        assert!(sms.chars().count() <= most, "{kind:?}: {sms}");
        if row.importance == Importance::Code {
            assert!(sms.starts_with("048151 "), "{sms}");
            assert!(sms.chars().count() <= 70, "{sms}");
            assert!(mail.text.contains("\n    048151\n"), "{}", mail.text);
            assert!(!kind.can_be_turned_off());
        }
    });
}

#[test]
fn a_registration_mail_reads_as_it_should() {
    let values = values(MessageKind::RegistrationCode, "");
    let mail = composed(
        Channel::Email,
        "i@m.example",
        MessageKind::RegistrationCode,
        &values,
        Lang::Ru,
    );
    let mail = render::mail(&mail.unwrap()).unwrap();
    assert_eq!(mail.subject, "Код для регистрации: 048151");
    assert_eq!(
        mail.text,
        "Здравствуйте!\n\n\
         Введите этот код на странице регистрации. Он действует 10 минут и подходит один раз.\n\n    \
         048151\n\n\
         Можно и просто открыть ссылку, в том числе в другом браузере:\n\
         https://id.region.example/account?a=1&b=2\n\n\
         Если вы не регистрировались, ничего делать не нужно.\n\n-- \n\
         Пропуск\n\
         Это автоматическое письмо от системы «Пропуск», отвечать на него не нужно. \
         Мы никогда не просим сообщить пароль или код."
    );
    assert!(
        mail.html
            .contains("href=\"https://id.region.example/account?a=1&#38;b=2\""),
        "{}",
        mail.html
    );
}

#[test]
fn attack_41_words_of_strangers_stay_words() {
    each(|kind, lang| {
        let values = values(kind, HOSTILE);
        let message = composed(Channel::Email, "ivan@mail.example", kind, &values, lang).unwrap();
        for value in message.params.values() {
            assert!(!value.contains(|c: char| c.is_control()), "{value}");
            assert!(value.chars().count() <= 80);
        }
        let mail = render::mail(&message).unwrap();
        assert!(!mail.subject.contains(['\r', '\n']));
        assert!(
            !mail.html.contains("<b ") && !mail.html.contains("</b>"),
            "{}",
            mail.html
        );
        for words in [&mail.subject, &mail.text, &mail.html] {
            assert!(
                !words.contains("\nBcc:") && !words.contains("https://evil"),
                "{words}"
            );
            assert!(!words.contains(['\u{202e}', '\u{200b}', '\0', '\r']));
        }
        let sms = composed(Channel::Sms, "+79001234567", kind, &values, lang).unwrap();
        let sms = words_of(&render::sms(&sms));
        assert!(
            !sms.contains(['\n', '\r', '\u{202e}']) && sms.chars().count() <= 160,
            "{sms}"
        );
    });
}

#[test]
fn attack_41_recipients_links_and_codes_are_what_they_should_be() {
    let kind = MessageKind::RegistrationCode;
    let code = ("code", "123456".to_owned());
    let to = |channel, recipient: &str| {
        composed(
            channel,
            recipient,
            kind,
            std::slice::from_ref(&code),
            Lang::Ru,
        )
    };
    assert!(to(Channel::Email, "ivan@почта.рф").is_ok());
    for bad in [
        "",
        "ivan",
        "ivan@mail.example\r\nBcc: x@evil.example",
        "a@b.example,c@d.example",
        "<a@b.example>",
        "Ivan <a@b.example>",
        "a b@c.example",
        "+79001234567",
        "a@b.example\0",
    ] {
        assert!(to(Channel::Email, bad).is_err(), "{bad:?}");
    }
    for bad in [
        "79001234567",
        "+7900123456\n",
        "+7 900 123",
        "+7900123456789012",
        "a@b.example",
        "",
    ] {
        assert!(to(Channel::Sms, bad).is_err(), "{bad:?}");
    }
    let with =
        |params: &[(&str, String)]| composed(Channel::Email, "a@b.example", kind, params, Lang::Ru);
    for bad in ["123 456", "12\n34", "<b>1", "", "1234567890123"] {
        assert!(with(&[("code", bad.to_owned())]).is_err(), "{bad:?}");
    }
    for bad in [
        "javascript:alert(1)",
        "https://a.example/\r\nX: y",
        "https://a.example/\"onclick=",
        "//evil.example",
        "https://user@evil.example/",
        "data:text/html,x",
        "https://",
        "",
    ] {
        assert!(
            with(&[code.clone(), ("link", bad.to_owned())]).is_err(),
            "{bad:?}"
        );
    }
    assert!(with(&[]).is_err(), "a code is needed");
    let name = ("name", "Купите слона на evil.example".to_owned());
    assert!(
        with(&[code.clone(), name]).is_err(),
        "no words of the applicant"
    );
}

#[test]
fn a_notice_is_read_in_any_language_by_its_owner_only() {
    let entropy = Entropy::seeded(b"notice");
    let vault = vault(&entropy);
    let (ivan, anna) = ("ivan".into(), "anna".into());
    let (key, _) = vault.new_account_key(&ivan).unwrap();
    let (other, _) = vault.new_account_key(&anna).unwrap();
    let site = [("site", "Портал <А>".to_owned())];
    let kind = MessageKind::ConsentGiven;
    let mut stored = notice(&key, &ivan, &entropy, kind, &site, START).unwrap();
    assert!(!stored.params_sealed.contains("Портал"));
    let read = read_notice(&key, &stored, Texts(Lang::Ru)).unwrap();
    // The page escapes; the inbox keeps what was said.
    let said = "Вы разрешили сайту «Портал <А>» получать ваши данные.";
    assert_eq!(read, ("Дано согласие".to_owned(), said.to_owned()));
    assert_eq!(
        read_notice(&key, &stored, Texts(Lang::En)).unwrap().0,
        "Consent given"
    );
    assert!(read_notice(&other, &stored, Texts(Lang::Ru)).is_err());
    stored.kind = "of-tomorrow".to_owned();
    assert_eq!(
        read_notice(&key, &stored, Texts(Lang::Ru)).unwrap().0,
        "of-tomorrow"
    );
    let code = [("code", "123456".to_owned())];
    assert!(
        notice(
            &key,
            &ivan,
            &entropy,
            MessageKind::ContactCode,
            &code,
            START
        )
        .is_err()
    );
}

#[test]
fn nothing_personal_is_in_the_record_or_in_debug() {
    let entropy = Entropy::seeded(b"sealed");
    let code = [("code", "123456".to_owned())];
    let record = compose(
        &vault(&entropy),
        &entropy,
        Channel::Sms,
        "+79001234567",
        MessageKind::RegistrationCode,
        &code,
        Lang::Ru,
        START,
        MINUTE,
    );
    let shown = format!("{:?}", record.unwrap());
    assert!(!shown.contains("9001234567") && !shown.contains("123456"));
    let message = composed(
        Channel::Sms,
        "+79001234567",
        MessageKind::RegistrationCode,
        &code,
        Lang::Ru,
    );
    let shown = format!("{:?}", message.unwrap());
    assert!(
        !shown.contains("9001234567") && !shown.contains("123456"),
        "{shown}"
    );
}

/// Whatever is shown on a locked screen: no code, nothing that acts, no more
/// than an SMS says, and short enough for one record.
#[test]
fn a_browser_shows_no_code_no_secret_and_no_more_than_an_sms() {
    use crate::notify::push::encryption::LONGEST;
    use crate::notify::push::message::{open, shown};
    use crate::notify::push::push;
    let entropy = Entropy::seeded(b"browsers");
    let vault = vault(&entropy);
    let ivan = "ivan".into();
    let (key, _) = vault.new_account_key(&ivan).unwrap();
    each(|kind, lang| {
        let mut values = values(kind, HOSTILE);
        for (_, value) in values.iter_mut().filter(|(name, _)| *name == "not_me") {
            *value = "https://id.region.example/not-me?ticket=ppn_secret".to_owned();
        }
        let made = push(&key, &ivan, &entropy, kind, &values, lang, START);
        if kind.row().importance == Importance::Code {
            assert!(made.is_err(), "{kind:?}");
            return;
        }
        let made = made.unwrap();
        let message = open(&key, &made.id, &made.message_sealed).unwrap();
        let words = shown(&message, "https://id.region.example");
        let sms = composed(Channel::Sms, "+79001234567", kind, &values, lang).unwrap();
        assert!(render::sms(&sms).starts_with(&words.text), "{kind:?}");
        assert!(
            !words.title.contains("evil.example") && !words.title.contains("Иван"),
            "{kind:?}: a title names nobody"
        );
        assert!(!words.url.contains('?') && words.url.starts_with("https://id.region.example/"));
        let json = serde_json::to_vec(&words).unwrap();
        assert!(json.len() <= LONGEST, "{kind:?}: {}", json.len());
        let json = String::from_utf8(json).unwrap();
        assert!(
            !json.contains("ppn_") && !json.contains("048151"),
            "{kind:?}"
        );
    });
}
