//! Services as no sandbox is: with a clock of their own, or a certificate that nobody knows.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

/// What such a service does with whoever calls.
type Talk = Box<dyn Fn(TcpStream) + Send>;

/// Starts a service on a port of the system's choice; it lives as long as the test's process.
fn serve(talk: Talk) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || listener.incoming().flatten().for_each(talk));
    port
}

/// Answers everything as a service in another year would.
pub fn in_another_year() -> String {
    let answer = "HTTP/1.1 401 Unauthorized\r\ndate: Fri, 01 Jan 2016 12:00:00 GMT\r\n\
                  content-length: 0\r\nconnection: close\r\n\r\n";
    let port = serve(Box::new(move |mut call| {
        let _asked = call.read(&mut [0; 4096]);
        let _answered = call.write_all(answer.as_bytes());
    }));
    format!("http://127.0.0.1:{port}/3.0")
}

/// Shows a certificate whose issuer nobody knows.
pub fn untrusted() -> String {
    let pem = include_bytes!("untrusted.pem");
    let certificate = CertificateDer::from_pem_slice(pem).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(pem).expect("a key");
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a config");
    let config = Arc::new(config);
    let port = serve(Box::new(move |mut call| {
        let mut tls = ServerConnection::new(Arc::clone(&config)).expect("a connection");
        let _refused = Stream::new(&mut tls, &mut call).read(&mut [0; 64]);
    }));
    format!("https://127.0.0.1:{port}/3.0")
}
