//! The command line: one file for each command.

mod account;
mod centre;
mod client;
mod demo;
pub mod demo_authority;
mod doctor;
mod esia;
mod gost;
mod keys;
mod load;
mod logging;
mod migrate;
mod operator;
mod risk;
mod runtime;
mod serve;
mod signals;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::error::{Internal, Result};

/// Identity provider for a state or a region.
#[derive(Parser)]
#[command(name = "propusk", version, about, long_about = LONG_ABOUT)]
struct Cli {
    /// Configuration file (TOML). Every key may also be given in the
    /// environment: PROPUSK__SMTP__HOST is smtp.host.
    #[arg(long, global = true, env = "PROPUSK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answers as JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
Identity provider for a state or a region: one account per person, second \
factors, consents the citizen controls, OpenID Connect for portals.

To try it: `propusk demo`, then open the address it prints.
To run it: write a configuration (issuer is the one key that must be there), \
`propusk doctor` to see whether everything is in place, `propusk serve`.";

#[derive(Subcommand)]
enum Command {
    /// Serve.
    Serve,
    /// Start a demonstration: embedded database, demo citizens, messages shown
    /// in the browser.
    Demo(demo::Args),
    /// Bring the database to the schema of this version.
    Migrate,
    /// Check configuration, database, keys, clock and mail, and say the mend.
    Doctor,
    /// Signing keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Relying parties.
    #[command(subcommand)]
    Client(Box<client::Command>),
    /// Relying parties written for ESIA, and keys for them.
    #[command(subcommand)]
    Esia(esia::Command),
    /// Accounts of citizens.
    #[command(subcommand)]
    Account(account::Command),
    /// Service centres.
    #[command(subcommand)]
    Centre(centre::Command),
    /// Operators at service centres.
    #[command(subcommand)]
    Operator(operator::Command),
    /// Rules about unusual sign-ins.
    #[command(subcommand)]
    Risk(risk::Command),
    /// Fill the database with accounts that nobody owns, for load tests.
    Load(load::Args),
}

/// What every command gets.
struct Context {
    config_file: Option<PathBuf>,
    json: bool,
}

impl Context {
    fn config(&self) -> Result<Config> {
        if self.config_file.is_none() && std::env::var_os("PROPUSK__ISSUER").is_none() {
            return Err(Internal::new(
                "no configuration: give --config FILE with at least\n  issuer = \"https://id.example.ru\"\n\
                 or try `propusk demo`",
            ));
        }
        Config::load(self.config_file.as_deref())
    }

    /// Prints an answer: JSON for programs, else text for people.
    fn print(&self, json: &serde_json::Value, text: &str) {
        if self.json {
            println!("{json}");
        } else {
            println!("{text}");
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let context = Context {
        config_file: cli.config,
        json: cli.json,
    };
    let runtime = match runtime::build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("propusk: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Serve => {
                let config = context.config()?;
                gost::begin_with_engine(&config.keys.directory)?;
                serve::run(config).await
            }
            Command::Demo(args) => demo::run(args).await,
            Command::Migrate => migrate::run(&context).await,
            Command::Doctor => doctor::run(&context).await,
            Command::Keys(command) => keys::run(&context, command).await,
            Command::Client(command) => client::run(&context, *command).await,
            Command::Esia(command) => {
                gost::begin_with_engine(&context.config()?.keys.directory)?;
                esia::run(&context, command).await
            }
            Command::Account(command) => account::run(&context, command).await,
            Command::Centre(command) => centre::run(&context, command).await,
            Command::Operator(command) => operator::run(&context, command).await,
            Command::Risk(command) => risk::run(&context, command).await,
            Command::Load(args) => load::run(&context, args).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("propusk: {error}");
            ExitCode::FAILURE
        }
    }
}
