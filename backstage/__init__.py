"""The Backstage: who is inside and on screen, broadcasts, signalling, watching, and the stagehand."""
