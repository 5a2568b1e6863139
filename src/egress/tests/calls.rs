//! Calls that are made, and how they end.

use std::time::Duration;

use super::super::{Call, Egress, EgressRefused, EgressSettings};
use super::server::Server;
use crate::model::secret::Secret;

fn loopback() -> EgressSettings {
    EgressSettings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..EgressSettings::default()
    }
}

fn open() -> Egress {
    Egress::new(loopback()).unwrap()
}

fn url(server: &Server) -> String {
    format!("http://127.0.0.1:{}/path?key=sesame", server.port)
}

#[tokio::test]
async fn a_form_and_json_arrive_as_written() {
    let server = Server::answering("201 Created", "", "done");
    let egress = open();
    let answer = egress
        .post_form(&url(&server), &[("logout_token", "a+b c")])
        .await
        .unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (201, &b"done"[..]));
    assert!(answer.is_success());
    let request = server.request();
    assert!(request.starts_with("POST /path?key=sesame HTTP/1.1\r\n"));
    assert!(request.contains("user-agent: Propusk\r\n"));
    assert!(request.ends_with("logout_token=a%2Bb+c"));

    let token = Secret::new("sesame");
    let headers = [("idempotency-key", "7")];
    egress
        .post_json(&url(&server), Some(&token), r#"{"a":1}"#.into(), &headers)
        .await
        .unwrap();
    let request = server.request();
    assert!(request.contains("authorization: Bearer sesame\r\n"));
    assert!(request.contains("content-type: application/json\r\n"));
    assert!(request.contains("idempotency-key: 7\r\n"));
    assert!(request.ends_with(r#"{"a":1}"#));
}

#[tokio::test]
async fn a_call_in_full_is_made_as_it_is_written() {
    let server = Server::answering("200 OK", "Content-Type: application/json\r\n", "{}");
    let call = |method, url| Call {
        method,
        url,
        headers: vec![("authorization".to_owned(), b"Basic YTpi".to_vec())],
        body: b"code=1".to_vec(),
    };
    let egress = open();
    let answer = egress.call(call("POST", url(&server))).await.unwrap();
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    let request = server.request();
    assert!(request.contains("authorization: Basic YTpi\r\n"));
    assert!(request.ends_with("code=1"));
    for (method, url) in [
        ("PUT", url(&server)),
        ("GET", "http://10.0.0.1/".to_owned()),
    ] {
        let refused = egress.call(call(method, url)).await;
        assert!(matches!(refused, Err(EgressRefused::Refused(_))));
    }
    assert_eq!(server.visits(), 1);
}

#[tokio::test]
async fn a_header_cannot_be_smuggled() {
    let egress = open();
    let call = Call {
        method: "GET",
        url: "http://127.0.0.1/".to_owned(),
        headers: vec![("x".to_owned(), b"a\r\nHost: other".to_vec())],
        body: Vec::new(),
    };
    assert!(matches!(
        egress.call(call).await,
        Err(EgressRefused::Refused(_))
    ));
    let headers = [("x", "a\r\nHost: other")];
    let sent = egress.post_json("http://127.0.0.1/", None, String::new(), &headers);
    assert!(matches!(sent.await, Err(EgressRefused::Refused(_))));
}

#[tokio::test]
async fn attack_32_redirects_are_not_followed() {
    let inner = Server::answering("200 OK", "", "secret");
    let location = format!("Location: http://127.0.0.1:{}/\r\n", inner.port);
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let outer = Server::answering(status, &location, "");
        let answer = open().post_form(&url(&outer), &[]).await.unwrap();
        assert_eq!(answer.status.to_string(), status[..3]);
        assert!(!answer.is_success());
    }
    assert_eq!(inner.visits(), 0);
}

#[tokio::test]
async fn attack_32_an_answer_without_end_is_cut() {
    let settings = EgressSettings {
        max_body: 1000,
        ..loopback()
    };
    let egress = Egress::new(settings).unwrap();
    let exact = Server::answering("200 OK", "", &"x".repeat(1000));
    assert_eq!(egress.get(&url(&exact)).await.unwrap().body.len(), 1000);
    let announced = Server::answering("200 OK", "", &"x".repeat(1001));
    let endless = Server::saying(
        [
            vec!["HTTP/1.1 200 OK\r\n\r\n".into()],
            vec!["x".repeat(100); 1000],
        ]
        .concat(),
        Duration::from_millis(1),
    );
    for server in [announced, endless] {
        let refused = egress.get(&url(&server)).await.unwrap_err();
        assert_eq!(refused, EgressRefused::TooLarge);
    }
}

#[tokio::test]
async fn attack_32_a_slow_server_is_left() {
    let settings = EgressSettings {
        timeout: Duration::from_millis(300),
        ..loopback()
    };
    let egress = Egress::new(settings).unwrap();
    let silent = Server::saying(vec![String::new(); 100], Duration::from_millis(50));
    // Each byte comes in good time; the whole does not.
    let dripping = Server::saying(
        [
            vec!["HTTP/1.1 200 OK\r\n\r\n".to_owned()],
            vec!["x".to_owned(); 100],
        ]
        .concat(),
        Duration::from_millis(50),
    );
    for server in [silent, dripping] {
        let refused = egress.get(&url(&server)).await.unwrap_err();
        assert_eq!(refused, EgressRefused::TimedOut);
    }
}

#[tokio::test]
async fn failures_are_told_without_the_url() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let garbage = Server::saying(vec!["not HTTP at all\r\n\r\n".into()], Duration::ZERO);
    for port in [port, garbage.port] {
        let refused = open()
            .get(&format!("http://127.0.0.1:{port}/hook?key=sesame"))
            .await
            .unwrap_err();
        assert!(matches!(refused, EgressRefused::Unreachable(_)));
        let said = format!("{refused} {refused:?}");
        assert!(!said.contains("sesame") && !said.contains("hook"), "{said}");
    }
}

#[test]
fn proxies_of_the_environment_are_not_used() {
    // The environment belongs to the whole process, so another one is started:
    // this test program, told to run one test that must reach its server.
    let (_, module) = module_path!().split_once("::").unwrap();
    let test = format!("{module}::a_form_and_json_arrive_as_written");
    let nowhere = "http://127.0.0.1:9";
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &test])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, nowhere)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn an_authority_that_is_no_certificate_stops_the_start() {
    let settings = EgressSettings {
        extra_ca_pem: vec![b"nonsense".to_vec()],
        ..EgressSettings::default()
    };
    assert!(Egress::new(settings).is_err());
}
