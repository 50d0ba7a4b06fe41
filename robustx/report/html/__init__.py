"""Reports as one HTML file each: no script, no request, nothing but what the figures of a run or a comparison say."""
