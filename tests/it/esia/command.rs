//! `propusk esia`, and a machine without a GOST engine.

use propusk::clock::Clock;
use serde_json::{Value, json};

use crate::command_line::{command, json_of, until_noticed};
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::{Kind, TERM};
use crate::support::esia::{ISSUER, Party, ac, address, set, timestamp};
use crate::support::http;
use crate::support::process::{Program, free_port, said};
use crate::support::steps::signed_in;

const ON: &str = "[esia]\nissuer = \"http://esia.gosuslugi.ru/\"\n";

async fn run(app: &TestApp, arguments: &[&str]) -> std::process::Output {
    let arguments = [&["--json", "esia"], arguments].concat();
    command(app, ON).args(arguments).output().await.unwrap()
}

async fn esia(app: &TestApp, arguments: &[&str]) -> Value {
    json_of(&run(app, arguments).await)
}

#[tokio::test]
async fn a_relying_party_is_moved_by_one_command() {
    let party = Party::new(Kind::Rsa);
    let app = TestApp::start_with(|config| config["esia"] = json!({ "issuer": ISSUER })).await;
    let file = party.certificate.file.to_str().unwrap();
    let organisation = party.authority.folder.join("organisation.toml");
    std::fs::write(
        &organisation,
        "oid = 7\nfull_name = \"ООО «Пример»\"\nshort_name = \"Пример\"\nogrn = \"1000000000007\"\n",
    )
    .unwrap();
    let add = [
        "client",
        "add",
        "--client-id",
        "MOVED",
        "--certificate",
        file,
        "--domain",
        "rp.example",
    ];
    let more = [
        "--organisation",
        organisation.to_str().unwrap(),
        "--offline",
    ];
    let printed = esia(&app, &[&add[..], &more].concat()).await;
    assert_eq!(printed["issuer"], json!(ISSUER));
    assert_eq!(printed["url"], json!(app.url));
    let certificate = format!("{}/esia/certificates/rsa.pem", app.url);
    assert_eq!(printed["certificate"], json!(certificate));
    assert_eq!(printed["certificates"][0]["hashes"][0], party.hash());
    assert_eq!(printed["endpoints"]["v2"][1], app.at("/aas/oauth2/v3/te"));
    until_noticed().await;
    let pem = http::client()
        .get(certificate)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    // What was printed is all it needs.
    let mut request = ac(&app, "s", "openid fullname");
    set(&mut request, "client_id", "MOVED");
    party.cms(&mut request);
    let way = app.at(&address("/aas/oauth2/ac", &request));
    let page = app.browser().get(&way).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);

    // Everything that is asked for is given or not at all, but what was named.
    for (optional, boxes) in [(None, 0), (Some("fullname"), 1)] {
        let optional = optional.map_or(vec![], |name| vec!["--optional", name]);
        esia(&app, &[&add[..], &more, &["--replace"], &optional].concat()).await;
        until_noticed().await;
        let mut request = ac(&app, &format!("{boxes}"), "openid fullname");
        set(&mut request, "client_id", "MOVED");
        party.cms(&mut request);
        let way = app.at(&address("/aas/oauth2/ac", &request));
        let page = signed_in(&app, ANNA).await.get(&way).await;
        assert!(page.has("#consent-allow"), "{}", page.body);
        assert_eq!(
            page.texts("label[for^='optional-']").len(),
            boxes,
            "{}",
            page.body
        );
    }

    // What no option names stays, what an option names is written anew.
    let storage = &app.app.storage;
    let id = propusk::model::id::ClientId::from("MOVED");
    let mut record = storage.find_client(&id).await.unwrap().unwrap();
    let mut metadata: Value = serde_json::from_str(&record.metadata).unwrap();
    metadata["consent_days"] = json!(7);
    metadata["esia"]["access_token_life"] = json!(120);
    record.metadata = metadata.to_string();
    storage.put_client(record).await.unwrap();
    esia(&app, &[&add[..], &["--replace", "--sandbox"]].concat()).await;
    let record = storage.find_client(&id).await.unwrap().unwrap();
    let metadata: Value = serde_json::from_str(&record.metadata).unwrap();
    assert_eq!(metadata["consent_days"], 7);
    assert_eq!(metadata["scope"], "openid fullname");
    let written = &metadata["esia"];
    assert_eq!(written["access_token_life"], 120);
    assert_eq!(
        (&written["sandbox"], &written["organisation"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(written["certificates"].as_array().unwrap().len(), 1);

    // What is wrong is named.
    let again = run(&app, &add).await;
    assert!(said(&again).contains("--replace"), "{}", said(&again));
    let mut standard = add;
    standard[3] = "portal";
    let kept = run(&app, &standard).await;
    assert!(
        said(&kept).contains("configuration file"),
        "{}",
        said(&kept)
    );
    let add = [&add[..], &["--replace"]].concat();
    let over = [TERM[0], "20260301000000Z"];
    let over = party.authority.certify("/CN=over", over, "");
    let over = over.file.to_str().unwrap();
    let chain = party.authority.folder.join("chain.pem");
    let two = [std::fs::read(file).unwrap(), std::fs::read(over).unwrap()].concat();
    std::fs::write(&chain, two).unwrap();
    let short = party
        .authority
        .certify_kind(Kind::Rsa1024, "/CN=x", TERM, "");
    let short = short.file.to_str().unwrap();
    for (change, named) in [
        (["--certificate", short], "2048"),
        (["--certificate", "/nowhere.pem"], "nowhere.pem"),
        (["--certificate", over], "ended at 2026-03-01"),
        (["--certificate", chain.to_str().unwrap()], "more than one"),
        (["--permission", "NOPE"], "esia.permissions"),
        (["--optional", "emial"], "--scope"),
        (["--category", "NOPE"], "esia.categories"),
        (["--domain", "https://rp.example"], "esia.domains"),
        (["--redirect", "https://other.example/"], "esia.redirects"),
        (["--organisation", "/nowhere.toml"], "nowhere.toml"),
        (["--generation", "v4"], "v4"),
    ] {
        let refused = run(&app, &[&add[..], &change].concat()).await;
        let said = said(&refused);
        assert!(
            !refused.status.success() && said.contains(named),
            "{change:?}: {said}"
        );
    }
    let same_key = "api_keys = [\"6d0f0a6e-6f0b-2b7e-9a55-0c6a3c2d8f11\"]\n";
    let text = std::fs::read_to_string(&organisation).unwrap();
    std::fs::write(&organisation, text + same_key).unwrap();
    esia(&app, &[&add[..], &more].concat()).await;
    let mut other = [&add[..], &more].concat();
    other[3] = "OTHER";
    let refused = said(&run(&app, &other).await);
    assert!(refused.contains("MOVED's"), "{refused}");
    let off = command(&app, "")
        .args(["esia", "keys"])
        .output()
        .await
        .unwrap();
    assert!(said(&off).contains("[esia]"), "{}", said(&off));
    app.end().await;
}

#[tokio::test]
async fn keys_are_listed_and_the_next_is_made_by_command() {
    let app = TestApp::start_with(|config| config["esia"] = json!({})).await;
    let stages = async || {
        let keys = esia(&app, &["keys"]).await;
        let keys = keys.as_array().unwrap().iter();
        let stage = |key: &Value| format!("{} {}", key["alg"], key["stage"]).replace('"', "");
        keys.map(stage).collect::<Vec<_>>()
    };
    let both = ["RS256 active", "GOST3410_2012_256 active"];
    assert_eq!(stages().await, both);
    for (alg, file) in [("rsa", "rsa-next.pem"), ("gost", "gost-next.der")] {
        let made = esia(&app, &["rotate", alg]).await;
        assert_eq!(made["sha256"].as_str().map(str::len), Some(64));
        until_noticed().await;
        let next = app.at(&format!("/esia/certificates/{file}"));
        assert_eq!(
            http::client().get(next).send().await.unwrap().status(),
            200,
            "{file}"
        );
    }
    assert_eq!(stages().await.len(), 4);
    // After a leak: another key at once, and the old one is worth nothing.
    let before = esia(&app, &["keys"]).await;
    let before = before.as_array().unwrap();
    let made = esia(&app, &["rotate", "rsa", "--now"]).await;
    let keys = esia(&app, &["keys"]).await;
    let active = keys.as_array().unwrap().iter();
    let active = active.filter(|key| key["stage"] == "active" && key["alg"] == "RS256");
    let active: Vec<_> = active.map(|key| key["sha256"].clone()).collect();
    // The one that was published a moment before is it.
    let waited = before
        .iter()
        .find(|key| key["stage"] == "published" && key["alg"] == "RS256");
    assert_eq!(made["sha256"], waited.unwrap()["sha256"]);
    assert_eq!(active, [made["sha256"].clone()]);
    let mut passing = keys.as_array().unwrap().iter();
    let passing = passing.find(|key| key["stage"] == "passing").unwrap();
    let old = passing["sha256"].as_str().unwrap();
    let mut retire = command(&app, ON);
    let retired = retire.args(["keys", "retire", old]).output().await.unwrap();
    assert!(retired.status.success(), "{}", said(&retired));
    let keys = esia(&app, &["keys"]).await.to_string();
    assert!(!keys.contains("passing"), "{keys}");
    app.end().await;
}

/// Without the engine the RSA half works, and `doctor` says what to install.
#[tokio::test]
async fn without_a_gost_engine_the_other_half_works() {
    let (mut rsa, gost) = (Party::new(Kind::Rsa), Party::new(Kind::Gost256));
    // The program's clock is the machine's.
    let term = ["20260101000000Z", "20991231000000Z"];
    rsa.certificate = rsa.authority.certify("/CN=rp.example", term, "");
    let app = TestApp::start().await;
    let mut of_gost = gost.registration(json!({}));
    of_gost["client_id"] = json!("GOST_RP");
    let folder = app.database.folder.join("without-gost");
    let config = json!({
        "esia": { "issuer": ISSUER },
        "clients": [rsa.registration(json!({})), of_gost],
    });
    let database = format!("sqlite://{}/own.db", folder.display());
    let mut program = Program::configured(&folder, &database, config);
    program.take_gost_away();
    let migrated = program.command(&["migrate"]);
    assert!(migrated.status.success(), "{}", said(&migrated));
    program.start_again().await;
    let status = async |path: &str| {
        let answer = http::client()
            .get(format!("{}{path}", program.url))
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.url().path().to_owned())
    };
    assert_eq!(status("/esia/certificates/rsa.pem").await.0, 200);
    assert_eq!(status("/esia/certificates/gost.pem").await.0, 404);
    let ahead = Clock::System.now().seconds() - app.now().seconds();
    let mut request = ac(&app, "s", "openid fullname");
    set(&mut request, "timestamp", &timestamp(&app, ahead));
    rsa.cms(&mut request);
    let ended = status(&address("/aas/oauth2/ac", &request)).await;
    assert_eq!(ended, (200, "/sign-in".to_owned()));
    let doctor = said(&program.command(&["doctor"]));
    assert!(doctor.contains("libengine-gost-openssl"), "{doctor}");
    assert!(program.log().contains("GOST"), "{}", program.log());
    program.stop().await;
    app.end().await;
}

/// Who moves a program tries it with the demonstration first.
#[tokio::test]
async fn a_relying_party_is_registered_in_the_running_demonstration() {
    let party = Party::new(Kind::Rsa);
    let folder = party.authority.folder.join("demo");
    let mut demo = tokio::process::Command::new(env!("CARGO_BIN_EXE_propusk"));
    let port = free_port().to_string();
    // Commands may be given from elsewhere.
    demo.current_dir(&party.authority.folder);
    demo.args(["demo", "--port", &port, "--folder", "demo"]);
    let quiet = std::process::Stdio::null();
    let mut demo = demo.stdout(quiet).kill_on_drop(true).spawn().unwrap();
    let issuer = format!("http://localhost:{port}");
    http::answers(&format!("{issuer}/health/ready")).await;
    let registered = tokio::process::Command::new(env!("CARGO_BIN_EXE_propusk"))
        .args(["--json", "--config"])
        .arg(folder.join("propusk.toml"))
        .args(["esia", "client", "add", "--client-id", "MOVED", "--domain"])
        .args(["rp.example", "--permission", "CREDIT", "--certificate"])
        .arg(&party.certificate.file)
        .output()
        .await
        .unwrap();
    assert_eq!(json_of(&registered)["url"], json!(issuer));
    let query = "client_id=MOVED&redirect_uri=https%3A%2F%2Frp.example%2Fcb";
    let address = format!("{issuer}/aas/oauth2/ac?{query}");
    let ask = async || {
        let sent = http::staying().get(&address).send().await;
        let back = sent.unwrap().headers().get("location").cloned();
        back.map(|back| back.to_str().unwrap().to_owned())
    };
    let mut back = ask().await;
    for _ in 0..100 {
        if back.is_none() {
            until_noticed().await;
            back = ask().await;
        }
    }
    // Known, and told what is missing.
    let back = back.unwrap();
    assert!(back.starts_with("https://rp.example/cb?"), "{back}");
    assert!(back.contains("ESIA-007014"), "{back}");
    demo.kill().await.unwrap();
}
