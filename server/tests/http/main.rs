//! The whole server over real HTTP: each test has a server of its own on a free port and a database of its own.

#[cfg(test)]
#[macro_use]
mod harness;

#[cfg(test)]
mod address_service;
#[cfg(test)]
mod api;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod gateways;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod smtp;
#[cfg(test)]
mod unipay;
