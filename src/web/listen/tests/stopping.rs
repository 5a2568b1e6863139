//! The end of service: nothing that runs is lost, nothing new is taken.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use super::{HELLO, ask, client, connect, rest, settings, start};

#[tokio::test]
async fn a_running_request_finishes_and_no_other_begins() {
    let mut server = start(settings()).await;
    let address = server.address;
    let mut idle = client(move || {
        let mut stream = connect(address);
        ask(&mut stream, HELLO);
        stream
    })
    .await;
    let running = tokio::spawn(client(move || {
        ask(&mut connect(address), &HELLO.replace("GET /", "GET /slow"))
    }));
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.stop.cancel();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(client(move || TcpStream::connect(address).is_err()).await);
    assert_eq!(client(move || rest(&mut idle)).await, "");
    let answer = running.await.unwrap();
    assert!(answer.ends_with("slow but whole"), "{answer}");
    // The last answer says that the connection ends with it.
    assert!(
        answer.to_lowercase().contains("connection: close"),
        "{answer}"
    );
    (&mut server.served).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_without_end_does_not_hold_the_process() {
    let mut server = start(settings()).await;
    let address = server.address;
    let mut stream = client(move || {
        let mut stream = connect(address);
        let request = HELLO.replace("GET /", "GET /endless");
        stream.write_all(request.as_bytes()).unwrap();
        stream
    })
    .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(4), &mut server.served).await;
    ended.unwrap().unwrap().unwrap();
    assert_eq!(client(move || rest(&mut stream)).await, "");
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let server = start(settings()).await;
    let mut taken = settings();
    taken.address = server.address;
    let said = super::bind(taken).await.unwrap_err().to_string();
    assert!(said.contains(&server.address.to_string()), "{said}");
}
