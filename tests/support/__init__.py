"""What tests share: own database servers, the real program in a process, browsers."""
