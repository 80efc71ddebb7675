-- Credentials are sealed anew when the installation's key is changed, for all accounts at once.
select kernel.system_access('product_stores');
