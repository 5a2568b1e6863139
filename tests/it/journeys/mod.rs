//! Journeys that a person makes, in real Chromium, through the demonstration
//! as `bin/demo` starts it: the provider and two portals, each a process.

mod accessibility;
mod appeals;
mod banks;
mod chromium;
mod demonstration;
mod desk_papers;
mod devices;
mod erasure;
mod esia;
mod factors;
mod files;
mod frontchannel;
mod levels;
mod newcomer;
mod overrides;
mod papers;
mod push;
mod recovery;
mod session_state;
mod sign_in_ways;
mod single_page;
mod support;
mod thief;
mod waiting;
