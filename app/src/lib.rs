//! The customer portal: pages that the server renders, actions that their forms post to, and the
//! islands, the only part that becomes WebAssembly. Every page works without script.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod portal;
#[cfg(feature = "ssr")]
pub mod ui;

#[cfg(feature = "ssr")]
pub use {
    forms::{Answer, Form},
    frame::{Event, Frame},
    guard::{Assets, IslandScripts, PasskeyRequest, Portal, Visitor},
    page::{Asked, Page, Surroundings, content_security_policy, render},
    portal::{
        NotTaken, Notice, Quick, QuickAnswer, QuickEntry, act, detour, forgot, in_language, is_page, load, login,
        no_link, notice, quick_act, quick_entry, quick_first, quick_load, reset, sent, signed_out,
    },
};

/// Called by the page's script once the islands' code is there.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
