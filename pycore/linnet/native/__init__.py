"""The CPython host: files in, files out, terminal and server. Never part of the browser's wheel.

In dependency order: parts (optional packages), audio_file with its readers sndfile and libav, session
(onnxruntime), output, transcribe; for the terminal plan, batch, report, settings, commands, cli; for browsers
site_app, server. Nothing here is imported by `import linnet`; `linnet.transcribe` fetches it when first used.
"""
