//! One file for each page. A page owns its state and makes its calls; what it shows is drawn by components.

pub mod audit;
pub mod basic;
pub mod callback;
pub mod compare;
pub mod connect;
pub mod home;
pub mod inspector;
pub mod jwt;
pub mod not_found;
pub mod oauth;
pub mod signed_out;
pub mod trip_planner;
