"""Who the claims are about: workers, employers, licences and bank accounts."""
