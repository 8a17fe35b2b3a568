"""What people say of the service: complaints, ombudsman's findings, satisfaction."""
