"""iRacing's network side around any world: HTTP, OAuth, links, limits and faults."""
