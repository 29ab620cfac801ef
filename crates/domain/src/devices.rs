//! With what somebody has signed in, in plain words: the browser and the system that its user agent names. Nothing
//! else of a user agent is kept.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Browser {
    Edge,
    Opera,
    Samsung,
    Firefox,
    Chrome,
    Safari,
    #[default]
    Other,
}

crate::names!(Browser {
    Edge => "Edge",
    Opera => "Opera",
    Samsung => "Samsung Internet",
    Firefox => "Firefox",
    Chrome => "Chrome",
    Safari => "Safari",
    Other => "",
});

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum System {
    Windows,
    IPhone,
    IPad,
    Mac,
    Android,
    ChromeOs,
    Linux,
    #[default]
    Other,
}

crate::names!(System {
    Windows => "Windows",
    IPhone => "iPhone",
    IPad => "iPad",
    Mac => "macOS",
    Android => "Android",
    ChromeOs => "ChromeOS",
    Linux => "Linux",
    Other => "",
});

/// A browser on a system. The same for every version, so that an update is no other device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Device {
    pub browser: Browser,
    pub system: System,
}

/// What a user agent says of itself, and what it is. The first that is found: each claims to be those below it, too.
const BROWSERS: &[(&str, Browser)] = &[
    ("Edg/", Browser::Edge),
    ("EdgA/", Browser::Edge),
    ("EdgiOS/", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("SamsungBrowser/", Browser::Samsung),
    ("Firefox/", Browser::Firefox),
    ("FxiOS/", Browser::Firefox),
    ("CriOS/", Browser::Chrome),
    ("Chrome/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

const SYSTEMS: &[(&str, System)] = &[
    ("Windows", System::Windows),
    ("iPhone", System::IPhone),
    ("iPad", System::IPad),
    ("Android", System::Android),
    ("CrOS", System::ChromeOs),
    ("Macintosh", System::Mac),
    ("Linux", System::Linux),
];

impl Device {
    /// By the header `User-Agent`.
    pub fn of(user_agent: &str) -> Device {
        fn found<T: Copy + Default>(known: &[(&str, T)], text: &str) -> T {
            known.iter().find(|(mark, _)| text.contains(mark)).map(|(_, what)| *what).unwrap_or_default()
        }
        Device { browser: found(BROWSERS, user_agent), system: found(SYSTEMS, user_agent) }
    }
}

/// `Firefox/Linux`, as it is stored.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.browser, self.system)
    }
}

impl FromStr for Device {
    type Err = String;

    fn from_str(text: &str) -> Result<Device, String> {
        let (browser, system) = text.split_once('/').ok_or("a device is a browser and a system")?;
        Ok(Device { browser: browser.parse()?, system: system.parse()? })
    }
}

crate::text_column!(Device);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_what_it_is_and_not_what_it_claims_to_be() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        for (agent, browser, system) in [
            (chrome, Browser::Chrome, System::Linux),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                Browser::Edge,
                System::Windows,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
                Browser::Safari,
                System::IPhone,
            ),
            ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", Browser::Firefox, System::Android),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
                Browser::Firefox,
                System::Mac,
            ),
            ("curl/8.5.0", Browser::Other, System::Other),
            ("", Browser::Other, System::Other),
        ] {
            assert_eq!(Device::of(agent), Device { browser, system }, "{agent}");
        }
        assert_eq!(Device::of(chrome), Device::of(&chrome.replace("140", "141")), "an update is no other device");
    }

    #[test]
    fn a_device_is_read_as_it_was_written() {
        for browser in Browser::ALL {
            for system in System::ALL {
                let device = Device { browser: *browser, system: *system };
                assert_eq!(device.to_string().parse(), Ok(device));
            }
        }
    }
}
