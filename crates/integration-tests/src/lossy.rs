//! A connection that breaks after the service has acted and before its answer arrives.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::emulator::Emulator;

/// Passes everything on to an emulator, but for one answer, in whose place the connection ends.
pub struct Lossy {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    lost: Arc<AtomicBool>,
}

impl Lossy {
    /// Loses the answer to the first request that contains `mark`.
    #[must_use]
    pub fn in_front_of(emulator: &Emulator, mark: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let to = emulator.authority().to_owned();
        let lost = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&lost);
        // It ends with the test's process.
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let Ok(service) = TcpStream::connect(&to) else {
                    return;
                };
                pass(&caller, &service, mark, &noted);
            }
        });
        Self { endpoint, lost }
    }

    /// Whether the answer was lost.
    #[must_use]
    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }
}

fn pass(caller: &TcpStream, service: &TcpStream, mark: &'static str, lost: &Arc<AtomicBool>) {
    let due = Arc::new(AtomicBool::new(false));
    let copies = || (caller.try_clone().unwrap(), service.try_clone().unwrap());
    let ((mut from, mut to), seen) = (copies(), Arc::clone(&due));
    thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(bytes @ 1..) = from.read(&mut part) {
            let text = String::from_utf8_lossy(&part[..bytes]);
            seen.fetch_or(text.contains(mark), Ordering::SeqCst);
            if to.write_all(&part[..bytes]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
    let ((mut to, mut from), lost) = (copies(), Arc::clone(lost));
    thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(bytes @ 1..) = from.read(&mut part) {
            let loses = due.load(Ordering::SeqCst) && !lost.swap(true, Ordering::SeqCst);
            if loses || to.write_all(&part[..bytes]).is_err() {
                break;
            }
        }
        let _ = (to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
    });
}
