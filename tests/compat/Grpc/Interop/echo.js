// What client and server share: the service as its .proto describes it.
'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, '..', 'Protos', 'echo.proto'), { keepCase: true, defaults: true });

exports.Echo = grpc.loadPackageDefinition(definition).grpc.tests.v1.Echo;
exports.unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
