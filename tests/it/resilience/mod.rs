//! What happens when something else fails: gateways, the database, the process
//! itself; and what people and programs send that they should not.

mod checks;
mod database;
mod forms;
mod gateways;
mod kill;
mod server;
mod stop;
