//! Attack row 53: a connection that does not get on is ended, and others do
//! not notice it.

use std::io::Write as _;
use std::thread::sleep;
use std::time::Duration;

use super::super::ListenSettings;
use super::{HELLO, ask, client, connect, rest, settings, start};

#[tokio::test]
async fn a_connection_is_kept_and_knows_its_peer() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let mut stream = connect(address);
        let own = stream.local_addr().unwrap().to_string();
        for _ in 0..3 {
            let answer = ask(&mut stream, HELLO);
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
            assert!(answer.ends_with(&own), "{answer}");
            // Together longer than the time for one header.
            sleep(Duration::from_millis(200));
        }
    })
    .await;
}

#[tokio::test]
async fn attack_53_a_header_that_drips_is_cut() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let mut stream = connect(address);
        let dripped = HELLO.bytes().take_while(|byte| {
            sleep(Duration::from_millis(50));
            stream.write_all(&[*byte]).is_ok()
        });
        assert!(dripped.count() < HELLO.len());
    })
    .await;
}

#[tokio::test]
async fn attack_53_a_later_header_that_drips_is_cut_too() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let mut stream = connect(address);
        assert!(ask(&mut stream, HELLO).starts_with("HTTP/1.1 200"));
        let dripped = HELLO.bytes().take_while(|byte| {
            sleep(Duration::from_millis(50));
            stream.write_all(&[*byte]).is_ok()
        });
        assert!(dripped.count() < HELLO.len());
    })
    .await;
}

#[tokio::test]
async fn attack_53_silence_from_the_beginning_is_cut() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || assert_eq!(rest(&mut connect(address)), "")).await;
}

#[tokio::test]
async fn attack_53_a_body_that_stops_coming_is_cut() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let mut stream = connect(address);
        stream
            .write_all(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            .unwrap();
        assert_eq!(rest(&mut stream), "");
    })
    .await;
}

#[tokio::test]
async fn attack_53_a_header_without_end_is_refused() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let mut stream = connect(address);
        let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}", "a".repeat(64 * 1024));
        let _ = stream.write_all(long.as_bytes());
        let answer = rest(&mut stream);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_time() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let mut stream = connect(address);
        assert!(ask(&mut stream, HELLO).starts_with("HTTP/1.1 200"));
        assert_eq!(rest(&mut stream), "");
    })
    .await;
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let server = start(settings()).await;
    let address = server.address;
    client(move || {
        let request = HELLO.replace("GET /", "GET /slow");
        assert!(ask(&mut connect(address), &request).ends_with("slow but whole"));
    })
    .await;
}

#[tokio::test]
async fn attack_53_connections_over_the_limit_wait_for_a_place() {
    let limited = ListenSettings {
        max_connections: 2,
        ..settings()
    };
    let server = start(limited).await;
    let address = server.address;
    client(move || {
        let hoarded = [connect(address), connect(address)];
        // Cut off after the time for a header, the hoarders make room.
        let answer = ask(&mut connect(address), HELLO);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        drop(hoarded);
    })
    .await;
}
