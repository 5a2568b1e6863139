//! Signatures that were made elsewhere, for something else or by others.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{begin, send, send_named, standard, text, trusting};
use crate::support::app::TIMUR;
use crate::support::authority::{Kind, QUALIFIED, TERM};
use crate::support::steps::signed_in;
use crate::support::{Page, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_a_signature_is_good_once_and_for_its_own_text() {
    let (app, authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let anna = authority.anna();
    let page = begin(&browser, "/account/level").await;
    let file = anna.sign(&text(&browser, &page).await);
    // The signature of one text on another.
    let second = begin(&browser, "/account/level").await;
    let refused = send(&browser, &second, file.clone()).await;
    assert!(
        refused
            .text("#file-problem")
            .unwrap()
            .contains("другой файл")
    );
    // Sent eight times at once, one is taken; then it is used.
    let sent = (0..8).map(|_| send(&browser, &page, file.clone()));
    let ended = futures_util::future::join_all(sent).await;
    let taken = ended
        .iter()
        .filter(|page| page.url.path() == "/assertion")
        .count();
    assert_eq!(taken, 1);
    let again = send(&browser, &page, file).await;
    assert!(
        again
            .text("#signature-over")
            .unwrap()
            .contains("уже подписан")
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_47_a_text_of_another_browser_is_nobodys() {
    let (app, authority) = trusting(Kind::Ec).await;
    let victim = standard(&app).await;
    let page = begin(&victim, "/account/level").await;
    let file = authority.anna().sign(&text(&victim, &page).await);
    // The attacker knows number and signature, and is signed in elsewhere.
    let attacker = signed_in(&app, TIMUR).await;
    let own = begin(&attacker, "/sign-in?again=yes").await;
    let number = |page: &Page| {
        let found = page.url.query_pairs().find(|(name, _)| name == "number");
        found.unwrap().1.into_owned()
    };
    let mut forged = own.clone();
    forged.body = own.body.replace(&number(&own), &number(&page));
    let refused = send(&attacker, &forged, file.clone()).await;
    assert!(refused.has("#signature-over"), "{}", refused.body);
    let href = page.attribute("#signature-download", "href").unwrap();
    assert_eq!(attacker.get(&href).await.status, 404);
    // The victim's own is as good as before.
    assert_eq!(send(&victim, &page, file).await.url.path(), "/assertion");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_two_signers_are_refused_whatever_their_order() {
    let (app, authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let anna = authority.anna();
    let other = "/CN=X/SN=Иванов/GN=Иван/SNILS=00000030300";
    let other = authority.certify(other, TERM, QUALIFIED);
    let page = begin(&browser, "/account/level").await;
    let signed = text(&browser, &page).await;
    for (first, second) in [(&anna, &other), (&other, &anna)] {
        let [file, key] = second.files();
        let more = ["-outform", "DER", "-signer", file, "-inkey", key];
        let refused = send(&browser, &page, first.sign_with(&signed, &more)).await;
        assert!(
            refused
                .text("#file-problem")
                .unwrap()
                .contains("одна подпись")
        );
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_54_names_of_files_are_not_even_kept() {
    let (app, authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let anna = authority.anna();
    let page = begin(&browser, "/account/level").await;
    let signed = text(&browser, &page).await;
    for name in [
        "../../../etc/passwd",
        "/etc/passwd",
        "a.sig; name=csrf",
        "C:\\\\a.sig",
        "%2e%2e%2f",
    ] {
        let refused = send_named(&browser, &page, b"none".to_vec(), name).await;
        assert!(refused.has("#file-problem"), "{name}: {}", refused.status);
        assert!(!refused.body.contains("passwd"));
    }
    let line = "a\"\r\ncontent-type: text/html\r\n\r\n<script>alert(1)</script>";
    let page_of_crlf = send_named(&browser, &page, b"none".to_vec(), line).await;
    assert!(page_of_crlf.status < 500 && !page_of_crlf.body.contains("alert(1)"));
    let page = send_named(&browser, &page, anna.sign(&signed), "../x.sig").await;
    assert_eq!(page.url.path(), "/assertion", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_53_huge_uploads_end_early() {
    let (app, _authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let page = begin(&browser, "/account/level").await;
    let refused = send(&browser, &page, vec![b'A'; 2 * 1024 * 1024]).await;
    assert_eq!(refused.status, 413, "{}", refused.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_53_strangers_who_send_slowly_leave_citizens_their_places() {
    let (app, _authority) = trusting(Kind::Ec).await;
    let citizen = standard(&app).await;
    let address = app.at("/").replace("http://", "");
    let head = format!(
        "POST /signature HTTP/1.1\r\nhost: {}\r\ncontent-length: 1000\r\n\
         content-type: multipart/form-data; boundary=x\r\n\r\n--x\r\n",
        address.trim_end_matches('/')
    );
    let mut held = Vec::new();
    for _ in 0..40 {
        let mut stream = tokio::net::TcpStream::connect(address.trim_end_matches('/'))
            .await
            .unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        held.push(stream);
    }
    // Those beyond the places are turned away at once.
    let mut refused = 0;
    for stream in &mut held {
        let mut answer = [0; 12];
        let wait = std::time::Duration::from_millis(500);
        let read = tokio::time::timeout(wait, stream.read(&mut answer)).await;
        refused += u32::from(read.is_ok() && &answer[9..] == b"503");
        if refused == 8 {
            break;
        }
    }
    assert_eq!(refused, 8);
    // And a citizen's photographs arrive.
    let page = crate::photographs::send(&citizen).await;
    assert!(page.has("#photographs-state"), "{}", page.body);
    drop(held);
    app.end().await;
}

#[tokio::test]
async fn where_nobody_is_trusted_there_is_nothing_to_sign() {
    let app = TestApp::start().await;
    for path in ["/signature", "/signature/file"] {
        assert_eq!(app.browser().get(path).await.status, 404, "{path}");
    }
    assert!(!app.browser().get("/sign-in").await.has("#signature-begin"));
    app.end().await;
}
