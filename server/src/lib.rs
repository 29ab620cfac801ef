//! The program: HTTP on one side, the use cases on the other, and the commands that start it.

mod api;
mod caller;
pub mod cli;
pub mod config;
pub mod database;
mod demo;
mod front;
mod gateway_events;
mod keys;
mod loops;
mod observe;
mod organization;
pub mod outside;
mod portal;
mod rotation;
mod router;
mod security;
pub mod seeding;
pub mod serve;
mod session;
mod site;
mod state;
mod throttle;
mod tokens;
mod unipay;
