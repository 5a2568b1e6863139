//! Rising to the verified level by what comes on paper or from a certificate:
//! a registered letter, and a signature that OpenSSL makes. Both lead back to
//! the portal's service.

use std::path::Path;

use tokio::process::Command;

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{send, sign_in, until};

/// Anna at the portal's service for verified people, with her data checked.
pub async fn standard(demo: &Demonstration, width: u32) -> Chromium {
    let citizen = Chromium::open(width, "ru").await;
    citizen.open_page(&demo.portals[0]).await;
    citizen.press("login").await;
    sign_in(&citizen, "+79005550101").await;
    citizen.press("consent-allow").await;
    citizen.press("service").await;
    citizen.press("level-raise").await;
    citizen.press("level-data").await;
    send(&citizen, &[]).await;
    until(&citizen, "check-state", "совпало").await;
    citizen
}

/// Back in the service, which knows how the person was proven.
pub async fn in_service(citizen: &Chromium, proof: &str) {
    citizen.press("level-continue").await;
    if citizen.has("consent-allow").await {
        citizen.press("consent-allow").await;
    }
    citizen.find("service-open").await;
    assert_eq!(citizen.text("person-name").await, "Анна Павловна Соколова");
    let evidence = citizen.text("evidence").await;
    assert!(evidence.contains(proof), "{evidence}");
}

async fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let conf = Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/openssl-gost.cnf");
    let done = Command::new(program)
        .args(arguments)
        .env("OPENSSL_CONF", conf)
        .current_dir(folder)
        .output()
        .await
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(done.status.success(), "{program}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test]
async fn journey_a_letter_makes_a_citizen_verified() {
    let demo = Demonstration::start().await;
    let citizen = standard(&demo, 390).await;
    citizen.press("letter-order").await;
    assert!(citizen.text("letter-state").await.contains("ждёт печати"));

    // At the centre letters are printed, and their numbers of the post noted.
    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, "+79005550109").await;
    desk.press("desk-letters").await;
    desk.press("letters-print").await;
    let pdf = desk.download("letters-pdf").await;
    std::fs::write(demo.folder.join("letters.pdf"), pdf).unwrap();
    let paper = run("pdftotext", &["-layout", "letters.pdf", "-"], &demo.folder).await;
    for printed in [
        "Анна Павловна Соколова",
        "400001",
        "ул. Рабоче-Крестьянская",
    ] {
        assert!(paper.contains(printed), "{printed}: {paper}");
    }
    let number = desk.text_of_class("letter-number").await;
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let code = paper
        .lines()
        .map(digits)
        .find(|line| line.len() == 8 && *line != number)
        .unwrap_or_else(|| panic!("no code: {paper}"));
    desk.fill(&format!("track-{number}"), "80108312345676")
        .await;
    desk.press(&format!("letter-post-{number}")).await;
    desk.find(&format!("letter-return-{number}")).await;
    desk.close().await;

    citizen.driver.refresh().await.unwrap();
    assert_eq!(citizen.text("letter-track").await, "80108312345676");
    citizen.fill("letter-code", "1234").await;
    citizen.press("letter-code-send").await;
    citizen.find("letter-code-problem").await;
    citizen.fill("letter-code", &code).await;
    citizen.press("letter-code-send").await;
    in_service(&citizen, "vouch").await;
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_a_signature_made_by_openssl_makes_a_citizen_verified() {
    let demo = Demonstration::start().await;
    let citizen = standard(&demo, 1280).await;
    citizen.press("signature-begin").await;
    let text = citizen.download("signature-download").await;
    let folder = demo.folder.join("signature");
    std::fs::write(folder.join("propusk.txt"), text).unwrap();
    let digest = std::fs::read_to_string(folder.join("digest")).unwrap();
    let digest = digest.trim();
    assert_eq!(digest, "md_gost12_256", "the GOST engine is installed");
    let sign = |file: &str, out: &str| {
        [
            "cms", "-sign", "-binary", "-md", digest, "-in", file, "-signer", "anna.pem", "-inkey",
            "anna.key", "-outform", "DER", "-out", out,
        ]
        .map(str::to_owned)
    };
    std::fs::write(folder.join("other.txt"), "something else").unwrap();
    for (file, out) in [("other.txt", "other.sig"), ("propusk.txt", "propusk.sig")] {
        let arguments = sign(file, out);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        run("openssl", &arguments, &folder).await;
    }
    let upload = async |name: &str| {
        let path = folder.join(name).display().to_string();
        citizen.find("file").await.send_keys(path).await.unwrap();
        citizen.press("signature-send").await;
    };
    // Of another text: said, and another try is possible.
    upload("other.sig").await;
    citizen.find("file-problem").await;
    upload("propusk.sig").await;
    citizen.press("assertion-prove").await;
    in_service(&citizen, "electronic_signature").await;
    citizen.close().await;
    demo.stop().await;
}
