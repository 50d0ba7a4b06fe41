"""The leaderboard: a static site from boards, and the same as JSON, CSV, Markdown and LaTeX."""
