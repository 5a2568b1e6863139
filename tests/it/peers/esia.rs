//! Programs written for ESIA, as they are: Python's `esia-connector` and npm's
//! `esia` with RSA, and a portal whose GOST is `gostcrypto`.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::peers;
use crate::levels::become_standard;
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::{Authority, Kind};
use crate::support::esia::{CLIENT, ISSUER, Party, SCOPE, allow};
use crate::support::http;
use crate::support::steps::signed_in;

/// Where a portal under test lives.
const CALLBACK: &str = "http://127.0.0.1:9/esia";
/// Far around the day on which this is run.
const TERM: [&str; 2] = ["20250101000000Z", "20350101000000Z"];

/// A relying party in real time, and the application that knows it.
async fn started(kind: Kind, token_alg: &str) -> (Party, TestApp) {
    let authority = Authority::new(kind, "Тестовый УЦ");
    let certificate = authority.certify("/C=RU/O=RP/CN=rp.example", TERM, "");
    let party = Party {
        authority,
        certificate,
    };
    let client = party.registration(json!({ "domains": ["127.0.0.1"], "token_alg": token_alg }));
    let app = TestApp::start_in_real_time(|config| {
        config["esia"] = json!({ "issuer": ISSUER });
        config["clients"].as_array_mut().unwrap().push(client);
    })
    .await;
    (party, app)
}

/// A file that the server publishes, put beside the certificate.
async fn published(app: &TestApp, party: &Party, name: &str) -> String {
    let file = party.authority.folder.join(name);
    let address = app.at(&format!("/esia/certificates/{name}"));
    let sent = http::client().get(address).send().await.unwrap();
    assert_eq!(sent.status(), 200, "{name}");
    std::fs::write(&file, sent.bytes().await.unwrap()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Lets a program sign Anna in. Returns what it reports.
async fn signs_in(app: &TestApp, mut command: Command, input: &Value) -> Value {
    let mut program = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program is installed (bin/test does it)");
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut hears = program.stdin.take().unwrap();
    hears
        .write_all(format!("{input}\n").as_bytes())
        .await
        .unwrap();
    let address = said.next_line().await.unwrap();
    let address = address.expect("it asks for a sign-in");
    let browser = signed_in(app, ANNA).await;
    become_standard(app, &browser, &[]).await;
    let page = browser.get(&address).await;
    let back = allow(&browser, page).await;
    assert!(back.query().unwrap().contains("code="), "{back}");
    hears
        .write_all(format!("{back}\n").as_bytes())
        .await
        .unwrap();
    drop(hears);
    let report = said.next_line().await.unwrap();
    let report: Value = serde_json::from_str(&report.expect("it reports")).unwrap();
    if let Some(logout) = report["logout"].as_str() {
        let from_it = browser.with_header("referer", CALLBACK);
        let page = from_it.get_once(logout).await;
        assert_eq!(page.location().unwrap().as_str(), CALLBACK);
    }
    let ended = program.wait().await.unwrap();
    assert!(ended.success(), "{ended}");
    report
}

fn python(script: &str) -> Command {
    let folder = peers().join("python");
    let mut command = Command::new(folder.join("venv/bin/python"));
    command.arg(script).current_dir(folder);
    command
}

#[tokio::test]
async fn peer_esia_connector_signs_in_and_reads_everything() {
    let (party, app) = started(Kind::Rsa, "RS256").await;
    let [certificate, key] = party.certificate.files();
    let check_key = published(&app, &party, "rsa.pub").await;
    let input = json!({
        "url": app.url, "client_id": CLIENT, "redirect_uri": CALLBACK,
        "certificate": certificate, "key": key, "scope": SCOPE, "check_key": check_key,
    });
    let read = signs_in(&app, python("esia_connector_portal.py"), &input).await;
    app.end().await;
    assert_eq!(read["main"]["lastName"], "Соколова");
    assert_eq!(read["main"]["snils"], "000-000-300 00");
    assert_eq!(read["contacts"]["elements"][0]["type"], "MBT");
    assert_eq!(read["documents"]["elements"][0]["type"], "RF_PASSPORT");
    assert_eq!(read["addresses"]["elements"][0]["zipCode"], "400001");
}

#[tokio::test]
async fn peer_npm_esia_signs_in_and_reads_everything() {
    let (party, app) = started(Kind::Rsa, "RS256").await;
    let [certificate, key] = party.certificate.files();
    let text = |file: &str| std::fs::read_to_string(file).unwrap();
    let input = json!({
        "url": app.url, "clientId": CLIENT, "redirectUri": CALLBACK,
        "certificate": text(certificate), "key": text(key), "scope": SCOPE,
    });
    let mut command = Command::new("node");
    command.arg("esia.cjs").current_dir(peers());
    let read = signs_in(&app, command, &input).await;
    app.end().await;
    assert_eq!(read["access"]["iss"], ISSUER);
    assert_eq!(read["data"][0]["firstName"], "Анна");
    assert_eq!(read["data"][1]["elements"][0]["value"], "+7(900)5550101");
    assert_eq!(read["data"][2]["elements"][0]["number"], "000300");
    assert_eq!(read["data"][3]["elements"][0]["type"], "PRG");
}

#[tokio::test]
async fn peer_gostcrypto_goes_the_whole_way_of_the_second_generation() {
    let (party, app) = started(Kind::Gost256, "GOST3410_2012_256").await;
    let [certificate, key] = party.certificate.files();
    let ours = published(&app, &party, "gost.der").await;
    let input = json!({
        "url": app.url, "client_id": CLIENT, "redirect_uri": CALLBACK,
        "certificate": certificate, "key": key, "scope": SCOPE, "our_certificate": ours,
    });
    let read = signs_in(&app, python("esia_gost_portal.py"), &input).await;
    app.end().await;
    assert_eq!(read["tokens_are_ours"], json!([true, true]));
    assert_eq!(read["code_is_ours"], true);
    assert_eq!(read["person"]["lastName"], "Соколова");
    assert_eq!(read["contacts"]["size"], 2);
    assert_eq!(read["after_refresh"]["lastName"], "Соколова");
    assert_eq!(read["refresh_changed"], true);
}
