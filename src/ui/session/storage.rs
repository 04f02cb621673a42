//! The browser's session storage; on the server there is none, and nothing is kept.

#[cfg(feature = "hydrate")]
use gloo_storage::{SessionStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Whether any slot is filled.
#[cfg(feature = "hydrate")]
pub(in crate::ui) fn holds_anything() -> bool {
    SessionStorage::length() > 0
}

/// Whether a slot is filled.
pub(in crate::ui) fn holds(slot: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return SessionStorage::raw().get_item(slot).is_ok_and(|value| value.is_some());
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = slot;
        false
    }
}

/// The value in a slot; `None` where there is none or it cannot be read.
pub(in crate::ui) fn read<T: DeserializeOwned>(slot: &str) -> Option<T> {
    #[cfg(feature = "hydrate")]
    return SessionStorage::get(slot).ok();
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = slot;
        None
    }
}

/// Fills a slot. A browser that refuses storage loses the value at the next reload, and nothing else.
pub(in crate::ui) fn write<T: Serialize>(slot: &str, value: &T) {
    #[cfg(feature = "hydrate")]
    let _ = SessionStorage::set(slot, value);
    #[cfg(not(feature = "hydrate"))]
    let _ = (slot, value);
}

/// Empties a slot.
pub(in crate::ui) fn remove(slot: &str) {
    #[cfg(feature = "hydrate")]
    SessionStorage::delete(slot);
    #[cfg(not(feature = "hydrate"))]
    let _ = slot;
}

/// Empties every slot whose name begins so.
pub(in crate::ui) fn remove_all(prefix: &str) {
    #[cfg(feature = "hydrate")]
    {
        let storage = SessionStorage::raw();
        let names: Vec<String> =
            (0..SessionStorage::length()).filter_map(|place| storage.key(place).ok().flatten()).collect();
        names.iter().filter(|name| name.starts_with(prefix)).for_each(SessionStorage::delete);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = prefix;
}
