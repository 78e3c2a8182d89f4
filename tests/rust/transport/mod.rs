//! The layer between the typed call and the socket.

mod blocking;
mod connections;
mod http2;
mod interceptors;
mod ledger;
mod limits;
mod matrix;
mod observed;
mod send_once;
mod transfers;
