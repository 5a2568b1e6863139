//! The worker: crashes, outages, terms.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::notify::{Capture, Deliver, DeliveryFailed, Outbox, Transport, Transports};

const PHONE: &str = "+79001234567";

fn outbox(house: &House, capture: &Arc<Capture>) -> Outbox {
    with(house, Transports::captured(capture))
}

fn with(house: &House, transports: Transports) -> Outbox {
    let (storage, vault) = (house.storage.clone(), house.vault.clone());
    Outbox::new(
        storage,
        vault,
        transports,
        house.clock.clone(),
        house.entropy.clone(),
    )
}

/// Fails as told, then delivers.
struct Moody {
    failures: AtomicUsize,
    tries: AtomicUsize,
    permanent: bool,
}

impl Moody {
    fn new(failures: usize, permanent: bool) -> Arc<Self> {
        Arc::new(Self {
            failures: failures.into(),
            tries: AtomicUsize::new(0),
            permanent,
        })
    }

    fn tries(&self) -> usize {
        self.tries.load(Ordering::SeqCst)
    }
}

impl Deliver for Moody {
    fn deliver<'a>(&'a self, _: &'a str, _: &'a [u8]) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        let tried = self.tries.fetch_add(1, Ordering::SeqCst);
        let failed = DeliveryFailed {
            permanent: self.permanent,
            ..DeliveryFailed::for_now("no")
        };
        let outcome = if tried < self.failures.load(Ordering::SeqCst) {
            Err(failed)
        } else {
            Ok(())
        };
        Box::pin(async { outcome })
    }
}

#[tokio::test]
async fn a_message_is_captured_once() {
    let house = House::new().await;
    let capture = Arc::new(Capture::default());
    let outbox = outbox(&house, &capture);
    let id = house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    assert_eq!(outbox.drain_once(house.clock.now()).await.unwrap(), 1);
    assert_eq!(outbox.drain_once(house.clock.now()).await.unwrap(), 0);
    let message = capture.last_to(PHONE).unwrap();
    assert_eq!(
        message.text,
        "048151 – код для регистрации в «Пропуске». Никому его не сообщайте."
    );
    assert_eq!(
        (message.code.as_deref(), message.id.as_str()),
        (Some("048151"), id.as_str())
    );
    assert_eq!((capture.deliveries(&id), house.waiting().await), (1, 0));
}

#[tokio::test]
async fn a_message_under_way_when_the_process_dies_is_tried_again_after_the_lock() {
    let house = House::new().await;
    let id = house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    let now = house.clock.now();
    // The process that claimed this one is no more.
    let claimed = house
        .storage
        .claim_messages("sms".into(), now, now.plus(MINUTE), 10)
        .await
        .unwrap();
    assert_eq!(claimed.len(), 1);
    let capture = Arc::new(Capture::default());
    let outbox = outbox(&house, &capture);
    assert_eq!(outbox.drain_once(now.plus(MINUTE / 2)).await.unwrap(), 0);
    assert_eq!(outbox.drain_once(now.plus(MINUTE)).await.unwrap(), 1);
    assert_eq!(capture.deliveries(&id), 1);
    assert_eq!(house.waiting().await, 0);
}

#[tokio::test]
async fn an_outage_is_waited_out_with_growing_pauses() {
    let house = House::new().await;
    let moody = Moody::new(3, false);
    let outbox =
        with(&house, Transports::captured(&Arc::default())).with_handler("sms", moody.clone());
    house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    let mut moments = Vec::new();
    for second in 0..200 {
        let before = moody.tries();
        outbox.drain_once(house.clock.now()).await.unwrap();
        if moody.tries() > before {
            moments.push(second);
            assert_eq!(outbox.is_delayed(Channel::Sms), moody.tries() <= 3);
        }
        house.clock.advance(Duration::from_secs(1));
    }
    let pauses: Vec<_> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses.len(), 3, "{moments:?}");
    assert!(
        (5..=7).contains(&pauses[0])
            && (12..=19).contains(&pauses[1])
            && (48..=73).contains(&pauses[2]),
        "{pauses:?}"
    );
    assert_eq!(house.waiting().await, 0);
}

#[tokio::test]
async fn a_permanent_refusal_and_an_expired_code_are_given_up() {
    let house = House::new().await;
    let moody = Moody::new(9, true);
    let outbox =
        with(&house, Transports::captured(&Arc::default())).with_handler("sms", moody.clone());
    house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    outbox.drain_once(house.clock.now()).await.unwrap();
    assert_eq!((moody.tries(), house.waiting().await), (1, 0));

    house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    house.clock.advance(MINUTE * 10);
    outbox.drain_once(house.clock.now()).await.unwrap();
    assert_eq!(
        (moody.tries(), house.waiting().await),
        (1, 0),
        "an expired code is not sent"
    );
}

#[tokio::test]
async fn an_altered_message_is_given_up_and_an_unconfigured_channel_waits() {
    let house = House::new().await;
    let capture = Arc::new(Capture::default());
    let transports = Transports {
        sms: Transport::Unconfigured,
        ..Transports::captured(&capture)
    };
    assert!(!transports.has(Channel::Sms) && transports.has(Channel::Email));
    let outbox = with(&house, transports);
    let mut altered = house.code(Channel::Email, "i@mail.example", "048151");
    altered.message_sealed = house
        .code(Channel::Email, "i@mail.example", "048151")
        .message_sealed;
    house
        .store(vec![altered, house.code(Channel::Sms, PHONE, "048151")])
        .await;
    assert_eq!(outbox.drain_once(house.clock.now()).await.unwrap(), 2);
    assert!(capture.messages().is_empty());
    assert_eq!(house.waiting().await, 1);
    assert!(outbox.is_delayed(Channel::Sms));
}

#[tokio::test]
async fn a_gateway_that_hangs_delays_nobody_else() {
    struct Hanging;
    impl Deliver for Hanging {
        fn deliver<'a>(
            &'a self,
            _: &'a str,
            _: &'a [u8],
        ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
            Box::pin(std::future::pending())
        }
    }
    let house = House::new().await;
    let capture = Arc::new(Capture::default());
    let outbox = Arc::new(outbox(&house, &capture).with_handler("email", Arc::new(Hanging)));
    let mails =
        (0..40).map(|n| house.code(Channel::Email, &format!("i{n}@mail.example"), "048151"));
    house.store(mails.collect()).await;
    let running = tokio::spawn(outbox.clone().run(CancellationToken::new()));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let id = house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    outbox.wake();
    until(|| capture.deliveries(&id) == 1).await;
    running.abort();
}

#[tokio::test]
async fn a_running_outbox_is_woken_and_shuts_down() {
    let house = House::new().await;
    let capture = Arc::new(Capture::default());
    let outbox = Arc::new(outbox(&house, &capture));
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(outbox.clone().run(shutdown.clone()));
    let many = (0..100).map(|n| house.code(Channel::Sms, &format!("+79001234{n:03}"), "048151"));
    let id = house.store(many.collect()).await;
    outbox.wake();
    until(|| capture.messages().len() == 100).await;
    assert_eq!(capture.deliveries(&id), 1);
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(house.waiting().await, 0);
}

#[tokio::test]
async fn what_was_delivered_while_the_database_was_away_is_not_delivered_again() {
    let house = House::new().await;
    let capture = Arc::new(Capture::default());
    let outbox = outbox(&house, &capture);
    let id = house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    // As a try leaves it that could not write that all is well.
    outbox.in_hand.delivered_unmarked(&id);
    assert_eq!(outbox.drain_once(house.clock.now()).await.unwrap(), 1);
    assert_eq!((capture.deliveries(&id), house.waiting().await), (0, 0));
    assert!(outbox.in_hand.is_empty());
}

/// A gateway that answers when it is let.
struct Slow {
    tries: AtomicUsize,
    answer: Notify,
}

impl Deliver for Slow {
    fn deliver<'a>(&'a self, _: &'a str, _: &'a [u8]) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            self.answer.notified().await;
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_clock_set_forward_sends_nothing_twice() {
    let house = House::new().await;
    let slow = Arc::new(Slow {
        tries: AtomicUsize::new(0),
        answer: Notify::new(),
    });
    let outbox = Arc::new(
        with(&house, Transports::captured(&Arc::default())).with_handler("sms", slow.clone()),
    );
    let id = house
        .store(vec![house.code(Channel::Sms, PHONE, "048151")])
        .await;
    let (first, now) = (outbox.clone(), house.clock.now());
    let first = tokio::spawn(async move { first.drain_once(now).await.unwrap() });
    until(|| slow.tries.load(Ordering::SeqCst) == 1).await;
    house.clock.advance(10 * MINUTE);
    // The lock in the database is over; the try is not.
    let again =
        house
            .storage
            .claim_messages("sms".into(), house.clock.now(), house.clock.now(), 10);
    assert_eq!(again.await.unwrap().len(), 1, "{id} can be claimed");
    assert_eq!(outbox.drain_once(house.clock.now()).await.unwrap(), 1);
    slow.answer.notify_one();
    first.await.unwrap();
    assert_eq!(slow.tries.load(Ordering::SeqCst), 1);
    assert!(outbox.in_hand.is_empty());
    assert_eq!(house.waiting().await, 0);
}

#[tokio::test]
async fn what_storage_writes_by_itself_is_handed_over_as_it_is() {
    struct Expects(&'static [u8], AtomicUsize);
    impl Deliver for Expects {
        fn deliver<'a>(
            &'a self,
            _: &'a str,
            payload: &'a [u8],
        ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
            assert_eq!(payload, self.0);
            self.1.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(()) })
        }
    }
    let house = House::new().await;
    let expects = Arc::new(Expects(b"{\"session\":\"s\"}", AtomicUsize::new(0)));
    let outbox =
        outbox(&house, &Arc::default()).with_handler("backchannel_logout", expects.clone());
    let mut logout = house.code(Channel::Sms, PHONE, "048151");
    logout.channel = "backchannel_logout".to_owned();
    logout.message_sealed = "{\"session\":\"s\"}".to_owned();
    house.store(vec![logout]).await;
    assert_eq!(outbox.drain_once(house.clock.now()).await.unwrap(), 1);
    assert_eq!(
        (expects.1.load(Ordering::SeqCst), house.waiting().await),
        (1, 0)
    );
}

async fn until(done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within five seconds");
}
