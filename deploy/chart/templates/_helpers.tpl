{{- define "huiyin.name" -}}
{{- if contains "huiyin" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-huiyin" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "huiyin.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "huiyin.selector" -}}
app.kubernetes.io/name: huiyin
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "huiyin.labels" -}}
{{ include "huiyin.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- /* Takes a dict: root, role (a role of HUIYIN_ROLES, or empty for a command). */}}
{{- define "huiyin.environment" -}}
- name: PUBLIC_URL
  value: {{ .root.Values.publicUrl | quote }}
- name: TRUSTED_PROXIES
  value: {{ .root.Values.trustedProxies | quote }}
- name: LOG_LEVEL
  value: {{ .root.Values.logLevel | quote }}
- name: METRICS
  value: {{ ternary "open" "local" .root.Values.metrics.podMonitor.enabled }}
{{- if .role }}
- name: HUIYIN_ROLES
  value: {{ .role }}
{{- end }}
{{- range $name, $value := .root.Values.extraEnv }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range list "DATABASE_URL" "SECRET_KEY" }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.existingSecret }}, key: {{ . }} } }
{{- end }}
{{- range list "REDIS_URL" "DATABASE_CONTROL_URL" }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.existingSecret }}, key: {{ . }}, optional: true } }
{{- end }}
{{- end }}

{{- define "huiyin.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "huiyin.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "huiyin.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* A Deployment of the product: root, role, own (its values), fixed (whether the number of replicas stands in it). */}}
{{- define "huiyin.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "huiyin.name" .root }}-{{ .role }}
  labels: {{- include "huiyin.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  {{- if .fixed }}
  replicas: {{ .own.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  selector:
    matchLabels: {{- include "huiyin.selector" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .role }}
  template:
    metadata:
      labels: {{- include "huiyin.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .role }}
      {{- with .root.Values.podAnnotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "huiyin.placement" .root | nindent 6 }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      # The product ends in good order within thirty seconds.
      terminationGracePeriodSeconds: 45
      securityContext: {{- include "huiyin.podSecurity" .root | nindent 8 }}
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "huiyin.selector" $.root | nindent 14 }}
              app.kubernetes.io/component: {{ $.role }}
        {{- end }}
      containers:
        - name: huiyin
          image: {{ include "huiyin.image" .root }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: [serve]
          env: {{- include "huiyin.environment" . | nindent 12 }}
          ports:
            - { name: http, containerPort: 8200 }
          securityContext: {{- include "huiyin.containerSecurity" .root | nindent 12 }}
          # Until it is taken off the lists of those who send to it.
          lifecycle:
            preStop:
              exec: { command: [node, -e, 'setTimeout(() => {}, 5000)'] }
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
          resources: {{- toYaml .own.resources | nindent 12 }}
          volumeMounts:
            - { name: data, mountPath: /data }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: data
          {{- if .root.Values.persistence.enabled }}
          persistentVolumeClaim: { claimName: {{ .root.Values.persistence.existingClaim | default (printf "%s-data" (include "huiyin.name" .root)) }} }
          {{- else }}
          emptyDir: {}
          {{- end }}
        - name: tmp
          emptyDir: { sizeLimit: 512Mi }
{{- end }}
