"""Logs written as JSON: audit logs of cloud services, access logs of proxies."""
