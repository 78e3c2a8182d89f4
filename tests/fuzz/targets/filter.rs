#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| grinfi_sandbox::fuzzing::filter(bytes));
