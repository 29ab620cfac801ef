//! Makes a method of `Texts` of every message in `locales/`. What is missing in a language, or says something else there,
//! stops the build.

mod generate;

use std::path::Path;
use std::{env, fs, process};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=generate");
    let out = env::var("OUT_DIR").unwrap_or_default();
    match generate::methods(Path::new("locales")) {
        Ok(code) => {
            if let Err(error) = fs::write(Path::new(&out).join("texts.rs"), code) {
                println!("cargo::error=the texts can't be written: {error}");
                process::exit(1);
            }
        }
        Err(problems) => {
            for problem in &problems {
                println!("cargo::error={problem}");
            }
            process::exit(1);
        }
    }
}
