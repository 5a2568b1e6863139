//! The one integration binary: the production application over real HTTP, with
//! a test clock and seeded entropy, on SQLite or (PROPUSK_TEST_DATABASE) on
//! PostgreSQL. A file per feature.

mod appeals;
mod architecture;
mod attacks;
mod attacks_web;
mod banks;
mod cabinet;
mod command_line;
mod devices;
mod documents;
mod erasure;
mod esia;
mod factors;
mod journeys;
mod levels;
mod main_road;
mod mtls;
mod not_me;
mod oidc;
mod openidconnect_client;
mod overrides;
mod papers;
mod password_meter;
mod peers;
mod photographs;
mod push;
mod recovery;
mod registration;
mod resilience;
mod risk;
mod shared_signals;
mod sign_in_ways;
mod signature;
mod storage;
mod support;
mod support_desk;
